"""Example requests of the goods, the registers and the supervision, by the operation's address."""

from typing import Any, Final

_PARTY: Final = "91341600MA2EXAMP08"
_OTHER: Final = "91341600MA2EXAMP16"
_HASH: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_DOCUMENT: Final = f"sha256:{_HASH}"
_CODE: Final = "09H0ZN20B1802H6Q95TC"
_HARVEST: Final = {
    "id": "harvest-2024-031",
    "stage": "harvest",
    "party": _PARTY,
    "place": "PLOT-7",
    "time": "2024-09-03T16:30:00+08:00",
    "inputs": [{"lot": "BS-24-FIELD"}],
    "outputs": [{"lot": "BS-24-0001", "grams": 500000, "herb": "白芍", "form": "fresh"}],
}
_SIGNED: Final = {
    "v": 1,
    "log": "herbs.example.org/log",
    "id": f"reading/{_PARTY}/2024-09-03",
    "kind": "reading",
    "subject": f"reading/{_PARTY}/store-1",
    "at_ms": 1725352200000,
    "actor": "0b5f8f1c2d3e4a5b6c7d8e9f0a1b2c3d",
    "public": {"quantity": "Temperature"},
    "digests": [],
    "refs": [],
    "sig": "c2lnbmF0dXJlIG9mIDY0IGJ5dGVzLCBiYXNlNjQ=",
}
_KEY: Final = _SIGNED | {"kind": "key.registered", "id": f"key/{_PARTY}/1", "subject": f"key/{_PARTY}"}
_NAMED: Final = {"party": _PARTY, "first": _CODE, "last": _CODE}
_WHY: Final = {"reason": "现场检查发现台账不全"}

TRACE_BODIES: Final[dict[str, Any]] = {
    "/v1/codes/{code}/pin-checks": {"pin": "482913"},
    "/v1/codes": {"party": _PARTY, "count": 10000, "level": "pack", "id": "order-2024-17"},
    "/v1/codes/printed": _NAMED,
    "/v1/codes/spoiled": _NAMED | {"reason": "misprint"},
    "/v1/codes/retired": _NAMED | {"reason": "label-change"},
    "/v1/links": {
        "party": _PARTY,
        "links": [{"scheme": "cpc", "code": "31234567890123456789", "lot": "BS-24-0001"}],
    },
    "/v1/links/withdrawals": {
        "party": _PARTY,
        "scheme": "cpc",
        "code": "31234567890123456789",
        "reason": "登记有误",
    },
    "/v1/steps": _HARVEST,
    "/v1/steps/{step}/corrections": {"reason": "incorrect_data", "instead": _HARVEST, "note": "重量抄错"},
    "/v1/statements": _SIGNED,
    "/v1/statements/batch": [_SIGNED],
    "/v1/statements/{statement_id}/redactions": {"names": ["title"], "reason": "person-asked"},
    "/v1/parties": {
        "uscc": _PARTY,
        "name": "示例饮片厂",
        "node_types": ["slice_maker"],
        "division": "341602",
    },
    "/v1/parties/{uscc}/changes": {"name": "示例中药饮片有限公司", "day": "2025-01-01"},
    "/v1/parties/{uscc}/licences": {
        "kind": "production",
        "number": "皖20200001",
        "issuer": "安徽省药品监督管理局",
        "valid_from": "2020-12-01",
        "valid_until": "2025-11-30",
    },
    "/v1/parties/{uscc}/licences/withdrawals": {
        "kind": "production",
        "number": "皖20200001",
        "reason": "许可证注销",
    },
    "/v1/parties/{uscc}/staff": {
        "staff": "QA-1",
        "role": "qa",
        "name": "质检负责人",
        "valid_from": "2024-01-01",
    },
    "/v1/parties/{uscc}/staff/departures": {"staff": "QA-1", "role": "qa", "day": "2025-06-30"},
    "/v1/parties/{uscc}/suspensions": _WHY,
    "/v1/parties/{uscc}/resumptions": {"reason": "整改验收合格"},
    "/v1/parties/{uscc}/closings": {"reason": "企业注销"},
    "/v1/parties/{uscc}/transfers": {"to": _OTHER, "reason": "业务整体转让"},
    "/v1/places": {"place_id": "PLOT-7", "name": "谯城七号地", "party": _PARTY, "division": "341602"},
    "/v1/places/{place_id}/outlines": {
        "type": "Polygon",
        "coordinates": [[["115.70", "33.80"], ["115.71", "33.80"], ["115.71", "33.81"], ["115.70", "33.80"]]],
        "declared_mu": "720",
    },
    "/v1/places/{place_id}/changes": {"name": "谯城七号地（东）"},
    "/v1/places/{place_id}/transfers": {"to": _OTHER, "reason": "土地流转"},
    "/v1/places/{place_id}/suspensions": _WHY,
    "/v1/places/{place_id}/resumptions": {"reason": "整改验收合格"},
    "/v1/places/{place_id}/closings": {"reason": "租约到期"},
    "/v1/gates": {"rule": "mass-balance", "strictness": "refuse", "reason": "抽查中多次超量"},
    "/v1/holds": {"kind": "lot", "target": "BS-24-0001", "reason": "重金属待复检"},
    "/v1/holds/{hold}/lift-requests": {"reason": "复检合格"},
    "/v1/recalls": {"lots": ["BS-24-0001"], "class": 2, "reason": "二氧化硫超标", "advice": "停止使用并退回"},
    "/v1/recalls/{recall}/closing-requests": {"state": "completed", "report": "已追回 98 %，余者已核实用完"},
    "/v1/recalls/{recall}/closings": {"state": "completed"},
    "/v1/drills": {"lots": ["BS-24-0001"]},
    "/v1/documents/erasures": {"statement_id": f"document:{_PARTY}:{_HASH}", "reason": "person-asked"},
    "/v1/integrity/scores": {"period": "2024Q3"},
    "/v1/inspections": {
        "party": _PARTY,
        "subjects": [{"subject": "quality", "outcome": "failed"}],
        "points": 3,
        "role": "county",
    },
    "/v1/draws": {
        "period": "2025Q1",
        "commitment": _HASH,
        "inspectors": ["i-01", "i-02", "i-03"],
        "parties": 10,
    },
    "/v1/draws/{draw_id}/result": {"seed": _HASH},
    "/v1/credit-measures": {
        "party": _PARTY,
        "measure": "more_inspections",
        "reason": "两次抽检不合格",
        "from_ms": 1735660800000,
        "until_ms": 1767196800000,
    },
    "/v1/credit-measures/{measure}/repair-request": {"evidence": _DOCUMENT},
    "/v1/complaints": {"category": "quality", "words": "饮片有霉味，包装完好", "code": _CODE},
    "/v1/complaints/{complaint_id}/answer": {"words": "已联系消费者退换并复检该批次"},
    "/v1/complaints/{complaint_id}/decision": {"upheld": True, "points": 2, "reason": "复检确认霉变"},
    "/v1/supervision/units": {
        "unit": "BZ-0007",
        "kind": "firm",
        "name": "示例饮片厂",
        "division": "341602",
        "node_type": "slice_maker",
        "since": "2024-01-01",
        "uscc": _PARTY,
        "source": "年度名录",
    },
    "/v1/supervision/units/{unit}/departure": {"until": "2025-06-30", "reason": "停产"},
    "/v1/keys": _KEY,
    "/v1/keys/{key_id}/rotations": _KEY | {"kind": "key.rotated"},
    "/v1/keys/{key_id}/revocations": {"reason": "lost"},
}
"""JSON bodies; uploads describe their parts themselves."""
