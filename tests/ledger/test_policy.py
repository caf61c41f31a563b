"""Policy files: the format's own example, every rule of it broken once, and quorums against counting."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import MalformedNote
from ledger.keys import SigningKey
from ledger.note import NoteKey
from ledger.witnessing.cosignature import CosignerKey
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.witness_errors import PolicyWrong


def key(number: int) -> SigningKey:
    """The test key of this number."""
    return SigningKey.from_seed(number.to_bytes(32, "big"))


LOG = NoteKey("log.example", key(1).public).to_vkey()
W = {
    name: CosignerKey(f"{name.lower()}.example", key(10 + at).public)
    for at, name in enumerate(["X1", "X2", "X3", "Y1", "Y2", "Y3"])
}
WITNESS_LINES = "".join(f"witness {name} {each.to_vkey()}\n" for name, each in W.items())
# The example policy of c2sp.org/tlog-policy with keys filled in.
EXAMPLE = (
    f"log {LOG}\n\n{WITNESS_LINES}group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n"
    "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
)


def test_the_example_of_the_specification_asks_for_two_of_x_and_one_of_y() -> None:
    policy = Policy.from_text(EXAMPLE)
    for count in range(7):
        for names in combinations(W, count):
            wanted = sum(name[0] == "X" for name in names) >= 2 and any(name[0] == "Y" for name in names)
            assert policy.quorum_met([W[name] for name in names]) is wanted
    assert policy.fewest == 3
    assert policy.log.to_vkey() == LOG


def test_a_policy_written_out_is_read_as_the_same() -> None:
    policy = Policy.from_text(EXAMPLE)
    assert Policy.from_text(policy.to_text()) == policy
    with_urls = EXAMPLE.replace(LOG, f"{LOG} https://log.example/").replace(
        W["X1"].to_vkey(), f"{W['X1'].to_vkey()} https://x1.example/w"
    )
    assert Policy.from_text(Policy.from_text(with_urls).to_text()).witnesses[0].url == "https://x1.example/w"


def test_comments_blank_lines_tabs_and_foreign_letters_are_allowed() -> None:
    text = (
        f"# 见证策略\n \t\n\t log\t{LOG} \n  # indented\nwitness 监管局 {W['X1'].to_vkey()}\nquorum 监管局\n"
    )
    policy = Policy.from_bytes(text.encode())
    assert policy.quorum_met([W["X1"]])
    assert not policy.quorum_met([W["X2"]])


def test_names_are_bytes_and_not_letters() -> None:
    line = f"witness K {W['X1'].to_vkey()}\nwitness \u212a {W['X2'].to_vkey()}\nquorum \u212a\n"
    assert Policy.from_text(line).quorum_met([W["X2"]])  # the Kelvin sign is no K
    opaque = b"witness \xff\xfe " + W["X1"].to_vkey().encode() + b"\nquorum \xff\xfe\n"
    assert Policy.from_bytes(opaque).quorum_met([W["X1"]])


def test_no_quorum_and_one_witness_are_quorums_too() -> None:
    assert Policy.from_text("quorum none\n").quorum_met([])
    assert Policy.of_log(LOG) == Policy.from_text(f"log {LOG}\nquorum none\n")
    assert not Policy.from_text(WITNESS_LINES + "quorum X1\n").quorum_met([W["X2"]])


def test_a_witness_counts_once_however_often_it_is_named() -> None:
    policy = Policy.from_text(WITNESS_LINES + "group g 2 X1 X2\nquorum g\n")
    assert not policy.quorum_met([W["X1"], W["X1"]])


BROKEN = {
    "no quorum": ("log {log}\n", 2),
    "two quorums": ("quorum none\nquorum none\n", 2),
    "quorum before its group": ("{w}quorum g\ngroup g any X1\n", 7),
    "k too large": ("{w}group g 3 X1 X2\nquorum g\n", 7),
    "k zero": ("{w}group g 0 X1\nquorum g\n", 7),
    "k with a leading zero": ("{w}group g 01 X1\nquorum g\n", 7),
    "k in other digits": ("{w}group g １ X1\nquorum g\n", 7),
    "k with a sign": ("{w}group g +1 X1\nquorum g\n", 7),
    "empty group": ("{w}group g all\nquorum g\n", 7),
    "member defined later": ("group g any X1\n{w}quorum g\n", 1),
    "member of itself": ("{w}group g any g\nquorum g\n", 7),
    "member twice in one group": ("{w}group g 2 X1 X1\nquorum g\n", 7),
    "member of two groups": ("{w}group g any X1\ngroup h any X1\nquorum g\n", 8),
    "none as a member": ("{w}group g any none\nquorum g\n", 7),
    "a group named none": ("{w}group none any X1\nquorum none\n", 7),
    "a witness named none": ("witness none {x1}\nquorum none\n", 1),
    "one name twice": ("witness X1 {x1}\nwitness X1 {x2}\nquorum X1\n", 2),
    "group named as a witness": ("{w}group X1 any X2\nquorum X1\n", 7),
    "one witness key twice": ("witness A {x1}\nwitness B {x1}\nquorum A\n", 2),
    "one witness key under two names": ("witness A {x1}\nwitness B {x1_renamed}\nquorum A\n", 2),
    "one log key twice": ("log {log}\nlog {log}\nquorum none\n", 2),
    "one log key under two origins": ("log {log}\nlog {log_renamed}\nquorum none\n", 2),
    "the log its own witness": ("log {log}\nwitness A {log_as_witness}\nquorum A\n", 2),
    "a log's key for a witness": ("witness A {log}\nquorum A\n", 1),
    "a witness's key for a log": ("log {x1}\nquorum none\n", 1),
    "a key with a wrong hash": ("log log.example+00000000+{log_key}\nquorum none\n", 1),
    "an unknown word": ("log {log}\nlogs {log}\nquorum none\n", 2),
    "words left over": ("log {log} https://a b\nquorum none\n", 1),
    "a witness without a key": ("witness A\nquorum A\n", 1),
    "a carriage return": ("log {log}\r\nquorum none\r\n", 1),
    "a form feed for a blank": ("log\x0c{log}\nquorum none\n", 1),
    "a no-break space for a blank": ("log\u00a0{log}\nquorum none\n", 1),
    "a last line that does not end": ("{w}quorum X1", 7),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_each_broken_rule_is_named_with_its_line(broken: str) -> None:
    template, line = BROKEN[broken]
    text = template.format(
        log=LOG,
        log_key=LOG.split("+", 2)[2],
        log_renamed=NoteKey("other.example", key(1).public).to_vkey(),
        log_as_witness=CosignerKey("w.example", key(1).public).to_vkey(),
        w=WITNESS_LINES,
        x1=W["X1"].to_vkey(),
        x2=W["X2"].to_vkey(),
        x1_renamed=CosignerKey("elsewhere.example", key(10).public).to_vkey(),
    )
    with pytest.raises(PolicyWrong) as refused:
        Policy.from_text(text, "our.policy")
    assert refused.value.line == line
    assert refused.value.at.file == "our.policy"
    assert f"line {line} " in refused.value.message("en")
    assert f"第 {line} 行" in refused.value.message("zh")


@settings(max_examples=60)
@given(st.integers(1, 9), st.data())
def test_k_of_n_is_met_by_k_and_by_no_fewer(count: int, data: st.DataObject) -> None:
    least = data.draw(st.integers(1, count))
    keys = [CosignerKey(f"w{at}.example", key(100 + at).public) for at in range(count)]
    lines = "".join(f"witness {at} {each.to_vkey()}\n" for at, each in enumerate(keys))
    members = " ".join(map(str, range(count)))
    policy = Policy.from_text(f"{lines}group g {least} {members}\nquorum g\n")
    signed = data.draw(st.sets(st.sampled_from(keys)))
    assert policy.quorum_met(signed) is (len(signed) >= least)
    assert policy.fewest == least


def test_room_for_what_the_specification_recommends() -> None:
    logs = [Log(NoteKey(f"log{at}.example", key(200 + at).public)) for at in range(32)]
    keys = [CosignerKey(f"w{at}.example", key(300 + at).public).to_vkey() for at in range(32)]
    lines = "".join(f"witness w{at} {vkey}\ngroup g{at} all w{at}\n" for at, vkey in enumerate(keys))
    text = "".join(f"log {log.key.to_vkey()}\n" for log in logs) + lines + "quorum g31\n"
    assert len(Policy.from_text(text).groups) == 32


def test_groups_nested_a_thousand_deep_are_counted() -> None:
    groups = "".join(f"group g{at} all g{at - 1}\n" for at in range(1, 1000))
    text = f"witness w {W['X1'].to_vkey()}\ngroup g0 all w\n{groups}quorum g999\n"
    assert Policy.from_text(text).quorum_met([W["X1"]])


def test_a_policy_without_a_log_believes_none() -> None:
    with pytest.raises(MalformedNote):
        _ = Policy.from_text("quorum none\n").log
