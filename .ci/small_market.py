#!/usr/bin/env python3
"""A small market as CSV: 70 symbols, 300 days, late listings, holes, missing volumes. The same in every run."""

import datetime
import random
import sys

source = random.Random(7)
with open(sys.argv[1], "w") as file:
    file.write("symbol,date,open,high,low,close,volume\n")
    for symbol in range(70):
        price = source.uniform(5, 200)
        start = source.randrange(200) if symbol % 9 == 4 else 0
        for day in range(300):
            opening = price
            price *= 1 + source.gauss(0, 0.02)
            high = max(opening, price) * (1 + abs(source.gauss(0, 0.005)))
            low = min(opening, price) * (1 - abs(source.gauss(0, 0.005)))
            volume = f"{source.uniform(1e3, 1e6):.0f}"
            if day < start or (symbol % 7 == 3 and source.random() < 0.05):
                continue
            if symbol % 11 == 5 and source.random() < 0.05:
                volume = ""
            date = datetime.date(2020, 1, 1) + datetime.timedelta(days=day)
            file.write(f"N{symbol:02},{date},{opening:.2f},{high:.2f},{low:.2f},{price:.2f},{volume}\n")
