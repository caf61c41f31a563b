"""What a regulator is shown of scans: codes that should be on no goods, or are on several at once."""

from trace.coding.code_words import CodeStatus
from trace.coding.status_changes import change_status
from trace.coding.trace_code import decode
from trace.scanning.scan_marks import add_scans
from trace.scanning.scans import Scan
from trace.supervision.code_use import ScanCounts, scan_counts
from trace.supervision.suspicious_scans import Suspicion, suspicious_scans

from .season import DAY, MAKER, PHARMACY, at, founded, recorder, step, white_peony

SINCE, UNTIL = at(900), at(1_000)
GONE = {"reason": "expired", "method": "焚毁"}


def test_codes_that_should_be_on_no_goods_are_listed_and_honest_scans_are_not(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        keys = by.code_keys
        codes = [code for new, ms in white_peony() for code in by.record_step(session, new, ms).codes]
        unused = by.issuer.codes(by.issue_codes(session, PHARMACY, 3, at(919)))

        def scan(code: str, day: int, cities: tuple[str, ...] = ("341600",)) -> None:
            serial = decode(code, keys)
            scans = [Scan(serial=serial, at_ms=at(day), city=c, device="a", network="a") for c in cities]
            add_scans(session, scans)

        def retire(code: str, status: CodeStatus, by_whom: str) -> None:
            serial = decode(code, keys)
            change_status(session, by.declarer, keys, status, [(serial, serial)], by=by_whom, at_ms=at(925))

        gone = step("destroy", 925, "COUNTER", codes=codes[3:5], fields=GONE)
        scan(codes[4], 921)  # before it was destroyed: nothing odd
        by.record_step(session, gone, at(925))
        sold = step("sale", 925, "COUNTER", codes=codes[5:6], minute=1)
        by.record_step(session, sold, at(925))
        retire(codes[6], CodeStatus.RETIRED, MAKER)
        retire(unused[1], CodeStatus.SPOILED, PHARMACY)
        for code in (codes[0], codes[3], codes[5], codes[6], unused[0], unused[1]):
            scan(code, 930)
        scan(codes[1], 931, ("341600", "110100", "440100"))
        found = suspicious_scans(session, keys, SINCE, UNTIL)
        assert {(each.code, each.suspicions, each.party, each.lot) for each in found} == {
            (codes[1], (Suspicion.COPIED,), MAKER, "YP-1"),
            (codes[3], (Suspicion.DESTROYED,), MAKER, "YP-1"),
            (codes[6], (Suspicion.RETIRED,), MAKER, "YP-1"),
            (unused[0], (Suspicion.NOT_ACTIVATED,), PHARMACY, None),
            (unused[1], (Suspicion.SPOILED,), PHARMACY, None),
        }
        assert [each.scans for each in found if each.code == codes[1]] == [3]
        pages, after = list[int](), None
        while page := suspicious_scans(session, keys, SINCE, UNTIL, after=after, limit=2):
            pages += [each.serial for each in page]
            after = page[-1].serial
        assert pages == sorted(each.serial for each in found)
        assert {each.code for each in suspicious_scans(session, keys, SINCE, UNTIL, party=PHARMACY)} == {
            *unused[:2]
        }
        assert suspicious_scans(session, keys, SINCE - 9 * DAY, at(900)) == []
        assert scan_counts(session, SINCE, UNTIL) == [
            ScanCounts(party=MAKER, scans=8, codes=6, odd=1),
            ScanCounts(party=PHARMACY, scans=2, codes=2, odd=0),
        ]
