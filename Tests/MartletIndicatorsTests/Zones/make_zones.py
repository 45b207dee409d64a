#!/usr/bin/env python3
"""Writes the clocks of exchanges from this system's zone database.

    python3 Tests/MartletIndicatorsTests/Zones/make_zones.py

The result, Sources/MartletCore/Time/Zones/ExchangeZones.swift, is committed: the library asks no system for
zones. Run it again when a country changes its clocks (Debian's package tzdata brings the news)."""

import datetime
import pathlib
import re
import struct
import subprocess

ZONES = [  # name in code, name in the database, what it is the clock of
    ("newYork", "America/New_York", "New York Stock Exchange, Nasdaq; Toronto keeps the same"),
    ("chicago", "America/Chicago", "CME, Cboe"),
    ("saoPaulo", "America/Sao_Paulo", "B3"),
    ("london", "Europe/London", "London Stock Exchange"),
    ("paris", "Europe/Paris", "Euronext Paris; Amsterdam and Brussels keep the same"),
    ("frankfurt", "Europe/Berlin", "Xetra, Frankfurt"),
    ("zurich", "Europe/Zurich", "SIX"),
    ("stockholm", "Europe/Stockholm", "Nasdaq Stockholm"),
    ("moscow", "Europe/Moscow", "Moscow Exchange"),
    ("istanbul", "Europe/Istanbul", "Borsa Istanbul"),
    ("telAviv", "Asia/Jerusalem", "Tel Aviv Stock Exchange"),
    ("johannesburg", "Africa/Johannesburg", "JSE"),
    ("mumbai", "Asia/Kolkata", "NSE and BSE"),
    ("singapore", "Asia/Singapore", "SGX"),
    ("hongKong", "Asia/Hong_Kong", "HKEX"),
    ("shanghai", "Asia/Shanghai", "Shanghai and Shenzhen"),
    ("taipei", "Asia/Taipei", "TWSE"),
    ("seoul", "Asia/Seoul", "KRX"),
    ("tokyo", "Asia/Tokyo", "Tokyo Stock Exchange"),
    ("sydney", "Australia/Sydney", "ASX"),
    ("auckland", "Pacific/Auckland", "NZX"),
]
FIRST = -(2**31)  # 1901-12-13: what 32 bits hold
ROOT = pathlib.Path(__file__).resolve().parents[3]
TARGET = ROOT / "Sources/MartletCore/Time/Zones/ExchangeZones.swift"


def read(name):
    """Transitions (second, offset), the offset before them, and the rule that holds after the last (RFC 8536)."""
    data = pathlib.Path("/usr/share/zoneinfo", name).read_bytes()

    def header(place):
        assert data[place : place + 4] == b"TZif"
        return struct.unpack(">6l", data[place + 20 : place + 44])

    utc, std, leaps, times, types, letters = header(0)
    place = 44 + times * 5 + types * 6 + letters + leaps * 8 + std + utc
    utc, std, leaps, times, types, letters = header(place)
    place += 44
    seconds = struct.unpack(f">{times}q", data[place : place + 8 * times])
    place += 8 * times
    kinds = data[place : place + times]
    place += times
    offsets = [struct.unpack(">lBB", data[place + 6 * k : place + 6 * k + 6])[0] for k in range(types)]
    place += 6 * types + letters + leaps * 12 + std + utc
    rule = data[place + 1 : data.index(b"\n", place + 1)].decode()
    before = offsets[0]
    found = []
    for second, kind in zip(seconds, kinds):
        if second < FIRST:
            before = offsets[kind]
        elif offsets[kind] != (found[-1][1] if found else before):
            found.append((second, offsets[kind]))
    standard, days, _ = parsed(rule)
    # What the rule gives for the years to come need not be listed.
    later = changes(standard, days)
    kept = list(found)
    while kept and kept[-1] in later:
        kept.pop()
    end = max([second for second, _ in found], default=FIRST)
    # It must also hold right after the last change that is.
    while kept and found[len(kept) :] != [one for one in later if kept[-1][0] < one[0] <= end]:
        kept.append(found[len(kept)])
    return before, kept, rule


def changes(standard, days):
    """What a rule gives from 1970 to 2037."""
    if not days:
        return []
    found = []
    for year in range(1970, 2038):
        for (month, week, weekday, second), offset in zip(days, (standard + 3600, standard)):
            first = datetime.date(year, month, 1)
            day = first + datetime.timedelta((weekday - first.isoweekday()) % 7 + 7 * (week - 1))
            while day.month != month:
                day -= datetime.timedelta(7)
            local = (day - datetime.date(1970, 1, 1)).days * 86400 + second
            found.append((local - (2 * standard + 3600 - offset), offset))
    return sorted(found)


def parsed(text):
    """POSIX TZ, such as EST5EDT,M3.2.0,M11.1.0: the offset, the two days, and what ClockRule's initialiser takes."""
    name = r"(?:[A-Za-z]+|<[^>]+>)"
    time = r"[+-]?\d+(?::\d+)*"
    date = rf"M(\d+)\.(\d+)\.(\d+)(?:/({time}))?"
    match = re.fullmatch(rf"{name}({time})(?:{name}({time})?,{date},{date})?", text)
    assert match, text

    def seconds(written):
        sign = -1 if written.startswith("-") else 1
        parts = [int(part) for part in written.strip("+-").split(":")]
        return sign * sum(part * 60 ** (2 - k) for k, part in enumerate(parts))

    standard = -seconds(match[1])
    if match[3] is None:
        return standard, [], ".none"
    summer = -seconds(match[2]) if match[2] else standard + 3600
    assert summer == standard + 3600, text

    days = [
        (int(month), int(week), int(weekday), seconds(second or "2"))
        for month, week, weekday, second in (match.groups()[2:6], match.groups()[6:10])
    ]
    begin, end = (".init(month: {}, week: {}, weekday: {}, second: {})".format(*day) for day in days)
    return standard, days, f".init(\n        begin: {begin},\n        end: {end})"


def main():
    version = subprocess.run(
        ["dpkg-query", "-W", "-f=${Version}", "tzdata"], capture_output=True, text=True
    ).stdout
    zones, total = [], 0
    for swift, name, what in ZONES:
        before, found, rule = read(name)
        standard, _, swift_text = parsed(rule)
        total += len(found)
        numbers = [f"{second}, {offset}," for second, offset in found]
        lines, line = [], "       "
        for number in numbers:
            if len(line) + len(number) + 1 > 100:
                lines.append(line)
                line = "       "
            line += " " + number
        lines.append(line)
        body = "\n".join(lines)
        zones.append(
            f"""  /// {what}.
  package static let {swift} = ExchangeZone(
    name: "{name}", standardOffset: {standard}, before: {before},
    rule: {swift_text},
    transitions: [
{body}
    ])"""
        )
    cases = ", ".join(f'"{swift}": {swift}' for swift, _, _ in ZONES)
    TARGET.write_text(
        f"""// Made by Tests/MartletIndicatorsTests/Zones/make_zones.py from the zone database of Debian's tzdata {version}:
// {len(ZONES)} zones, {total} changes of their clocks since 1902, {8 * total / 1024:.0f} KB.

/// The clock of a place: every change since 1902, and the rule for the years after the last one listed.
package struct ExchangeZone: Sendable {{
  /// Its name in the zone database.
  package let name: String
  /// Seconds ahead of UTC in winter, today.
  package let standardOffset: Int
  /// Seconds ahead of UTC before the first change.
  package let before: Int
  package let rule: ClockRule
  /// UTC second of a change, seconds ahead of UTC from there on; and so on.
  package let transitions: [Int32]
}}

extension ExchangeZone {{
  package static let named: [String: ExchangeZone] = [{cases}]

"""
        + "\n\n".join(zones)
        + "\n}\n"
    )
    subprocess.run(
        ["swift", "format", "--in-place", "--configuration", ROOT / ".swift-format", TARGET], check=True
    )


main()
