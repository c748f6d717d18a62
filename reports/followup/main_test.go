package followup

import (
	"os"
	"testing"

	"miic/internal/testdata"
)

func TestMain(m *testing.M) {
	testdata.OneThread()
	os.Exit(m.Run())
}
