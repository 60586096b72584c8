"""Runs VADER over the sentences of files, since it comes as a library only: prints the mean of each file.

A sentence ends with a full stop, a question or exclamation mark before a blank, or with its paragraph.
"""

import re
import sys

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

analyzer = SentimentIntensityAnalyzer()
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        sentences = [sentence for sentence in re.split(r"(?<=[.?!])\s+|\n\n+", file.read()) if sentence]
    scores = [analyzer.polarity_scores(sentence)["compound"] for sentence in sentences]
    print(f"{path}: {sum(scores) / max(len(scores), 1):.3f}")
