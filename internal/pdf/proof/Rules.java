import java.io.FileInputStream;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints, for each file, how many checks of PDF/UA-1 were made, and a line for each rule that it breaks. */
public class Rules {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            try (FileInputStream in = new FileInputStream(file);
                    PDFAParser parser = Foundries.defaultInstance().createParser(in, PDFAFlavour.PDFUA_1);
                    PDFAValidator validator = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false)) {
                ValidationResult result = validator.validate(parser);
                System.out.println("checks " + result.getTotalAssertions() + " " + file);
                Set<String> seen = new TreeSet<>();
                for (TestAssertion a : result.getTestAssertions()) {
                    String rule = a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber();
                    if (a.getStatus() == TestAssertion.Status.FAILED && seen.add(rule)) {
                        System.out.println("broken " + rule + ": " + a.getMessage() + " (" + file + ", "
                                + a.getLocation().getContext() + ")");
                    }
                }
                if (!result.isCompliant() && seen.isEmpty()) {
                    System.out.println("broken: no rule named (" + file + ")");
                }
            }
        }
    }
}
