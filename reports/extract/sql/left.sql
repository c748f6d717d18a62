-- Those whose description too few share.
SELECT l.* FROM $left AS l JOIN $described AS d ON d.client_id = l.client_id WHERE d.class < $class
