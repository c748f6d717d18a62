"""Checks cards, and reads QR codes, with programs that are not ours. It reads questions from standard input, one JSON
document a line, and writes an answer a line: {"codes": [...]} is answered with what the card holds, or with a refusal;
{"width": n, "dots": "base64 of grey dots"} with the text of the QR code that the picture shows."""

import base64
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import zxingcpp
from healthcards import parser

for line in sys.stdin:
    question = json.loads(line)
    answer = {}
    if "dots" in question:
        dots, width = base64.b64decode(question["dots"]), question["width"]
        picture = memoryview(bytearray(dots)).cast("B", (len(dots) // width, width))
        answer["texts"] = [found.text for found in zxingcpp.read_barcodes(picture)]
    else:
        try:
            card = parser.JWS(parser.decode_qr_to_jws(question["codes"]))
            answer["verified"], answer["payload"], answer["header"] = card.verified, card.payload, card.header
        except Exception as refusal:
            answer["refused"] = type(refusal).__name__
    print(json.dumps(answer))
