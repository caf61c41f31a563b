"""What `daodi webhooks` says, in Chinese and English under one key."""

from typing import Final

WEBHOOK_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.webhooks": (
        "回调：发布、更正与状态变更时通知登记的地址",
        "webhooks: tell registered addresses of releases, corrections and standings",
    ),
    "help.webhooks.add": (
        "登记一个回调端点；密钥只显示这一次",
        "register an endpoint; its secret is shown this once",
    ),
    "help.webhooks.list": ("列出回调端点", "list the endpoints"),
    "help.webhooks.disable": ("停用一个端点", "send an endpoint nothing more"),
    "help.webhooks.enable": (
        "重新启用一个端点；停用期间的事件用 replay 补投",
        "enable an endpoint again; replay sends what it missed",
    ),
    "help.webhooks.rotate": (
        "更换端点密钥；旧密钥再同时签名一天",
        "give an endpoint a new secret; the old one signs too for a day",
    ),
    "help.webhooks.deliveries": (
        "列出对一个端点的投递与每次结果",
        "list what was sent to an endpoint and what came of it",
    ),
    "help.webhooks.replay": (
        "重新投递一个事件，或全部未送达的事件",
        "send one event again, or all that never arrived",
    ),
    "help.webhooks.test": ("立即投递一个测试事件", "send a trial event now"),
    "option.webhook": ("端点编号", "id of the endpoint"),
    "option.webhook.address": ("https 地址", "https address"),
    "option.webhook.event": (
        "事件，如 release.published、index.notice、forecast.made、warning.opened；可重复，默认全部",
        "an event such as release.published, index.notice, forecast.made or warning.opened; may be repeated; "
        "all by default",
    ),
    "option.webhook.description": ("说明", "what it is for"),
    "option.webhook.replay": (
        "事件编号；不写则为全部未送达的事件",
        "id of one event; all that never arrived by default",
    ),
    "webhooks.added": (
        "端点 {id} 已登记\n密钥（只显示这一次）：{secret}",
        "the endpoint {id} is registered\nits secret, shown this once: {secret}",
    ),
    "webhooks.rotated": (
        "端点 {id} 已更换密钥\n新密钥（只显示这一次）：{secret}",
        "the endpoint {id} has a new secret\nshown this once: {secret}",
    ),
    "webhooks.none": (
        "没有回调端点；用 daodi webhooks add 登记",
        "there are no endpoints; register one with daodi webhooks add",
    ),
    "webhooks.nothing_sent": ("尚无投递", "nothing was sent to it yet"),
    "webhooks.disabled": ("端点 {id} 已停用", "the endpoint {id} is disabled"),
    "webhooks.enabled": ("端点 {id} 已启用", "the endpoint {id} is enabled"),
    "webhooks.replayed": ("重新投递 {count} 个事件", "{count} to be sent again"),
    "webhooks.tested": (
        "测试事件 {event}：{state}（{outcome}）",
        "trial event {event}: {state} ({outcome})",
    ),
    "webhooks.every": ("全部", "all"),
    "webhooks.ended.owner": ("停用", "disabled"),
    "webhooks.ended.gone": ("停用：对方答复 410", "disabled: its server answered 410"),
    "webhooks.ended.token": ("停用：所属令牌已失效", "disabled: its owner's token ended"),
    "head.webhook": ("端点", "endpoint"),
    "head.events": ("事件", "events"),
    "head.failing": ("投递失败始于", "failing since"),
    "head.description": ("说明", "for"),
    "head.event": ("事件编号", "event"),
    "head.event_kind": ("事件", "what"),
    "head.about": ("陈述", "statement"),
    "head.tries": ("次数", "tries"),
    "head.last_outcome": ("最近结果", "last outcome"),
    "head.next_try": ("下次", "next"),
}
