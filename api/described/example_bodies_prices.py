"""Example requests of quotes, indices, warnings, webhooks and accounts, by the operation's address."""

from typing import Any, Final

_DIGEST: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

PRICES_BODIES: Final[dict[str, Any]] = {
    "/v1/releases": {"family": "bozhou", "until": "2025-12-31"},
    "/v1/releases/{release_id}/approval": {"values_digest": _DIGEST},
    "/v1/releases/{release_id}/refusal": {"reason": "白芍报价缺两个市场"},
    "/v1/releases/{release_id}/notices": {
        "level": "herb",
        "node": "白芍",
        "first_day": "2025-12-01",
        "last_day": "2025-12-05",
        "reason": "一个来源误报单位",
    },
    "/v1/families/{family}/standing": {"standing": "trial", "reason": "开始试运行"},
    "/v1/closed-days": {"days": ["2026-02-17", "2026-02-18"], "reason": "春节"},
    "/v1/forecasts": {"family": "bozhou", "frequency": "week"},
    "/v1/weight-sets": {
        "family": "common",
        "source": "2024 年产量统计",
        "first": "2024-01-01",
        "last": "2024-12-31",
        "effective": "2025-02-01",
        "lines": [{"herb": "白芍", "grade": "统货", "fen": 120000000}],
    },
    "/v1/feeds": {"name": "market-board", "form": "csv", "address": "https://prices.example.org/today.csv"},
    "/v1/feeds/{feed}/switches": {"enabled": False},
    "/v1/exchange-rates": {
        "currency": "USD",
        "day": "2025-12-31",
        "yuan_per_unit": "7.0288",
        "source": "中国外汇交易中心中间价",
    },
    "/v1/quotes/from-trades": {"week": "2025-W52"},
    "/v1/quarantine/decisions": {
        "verdict": "release",
        "reason": "已与报价人核实",
        "filter": {"herb": "白芍", "market": "亳州"},
    },
    "/v1/names/decisions": {
        "kind": "herb",
        "written": "杭白芍",
        "meant": "白芍",
        "reason": "产地名，药典同为白芍",
    },
    "/v1/names/aliases/{number}/end": {"reason": "两者规格并不相同"},
    "/v1/governance/declarations": {
        "kind": "independence",
        "words": "运营主体不参与中药材交易，与市场各方无利益关系",
        "valid_from": "2025-01-01",
        "valid_until": "2026-12-31",
    },
    "/v1/governance/declarations/{declaration_id}/end": {"reason": "运营主体变更"},
    "/v1/governance/assessments": {"year": 2025},
    "/v1/index-complaints": {
        "category": "value",
        "subject": "bozhou",
        "words": "昨日总指数与各类指数不相符，请核对",
    },
    "/v1/index-complaints/{index_complaint}/answer": {"answer": "已核对：四舍五入所致", "upheld": False},
    "/v1/warnings/{warning}/decisions": {"act": "acknowledge", "words": "已电话核实货源"},
    "/v1/warning-watches": {"family": "bozhou"},
    "/v1/health-herbs": {"herb": "金银花", "source": "国家中医药管理局公告"},
    "/v1/grain-prices": {"month": "2025-12", "fen_per_kg": 246, "source": "国家粮食和物资储备局"},
    "/v1/webhooks": {"address": "https://receiver.example.org/daodi", "events": ["release.published"]},
    "/v1/webhooks/{endpoint}/switches": {"enabled": False},
    "/v1/webhooks/{endpoint}/replays": {"event": "ev_0123456789abcdef01234567"},
    "/v1/key-requests": {"change": "add", "reason": "年度换钥"},
    "/v1/accounts": {
        "name": "clerk-1",
        "shown": "登记员一",
        "roles": ["clerk"],
        "party": "91341600MA2EXAMP08",
    },
    "/v1/accounts/{account}/roles": {"roles": ["clerk", "collector"]},
    "/v1/accounts/{account}/resets": {"factor": True},
    "/v1/api-keys": {"name": "erp", "scopes": ["steps:write"], "days": 365},
    "/v1/tokens": {"scopes": ["steps:write"], "seconds": 600},
}
"""JSON bodies."""
