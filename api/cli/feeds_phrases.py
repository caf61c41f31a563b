"""What `daodi feeds` and `daodi quotes from-trades` say, in Chinese and English under one key."""

from typing import Final

FEED_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.feeds": (
        "报价来源：设置、轮询、停用；汇率",
        "feeds of quotes: set up, poll; exchange rates",
    ),
    "help.feeds.add": ("设置一个定时轮询的报价来源", "set up a source of quotes that is polled"),
    "help.feeds.list": (
        "列出来源：最近应答、最近新报价、断路状态、行数与错误",
        "list the feeds: last answer, last new quotes, breaker, rows and faults",
    ),
    "help.feeds.poll": ("立即轮询一个或几个来源", "poll one or several feeds now"),
    "help.feeds.disable": ("停用一个来源；已有的报价不变", "disable a feed; its quotes stay"),
    "help.feeds.enable": ("重新启用一个来源", "enable a feed again"),
    "help.feeds.rate": ("录入某日的汇率及其出处", "enter the exchange rate of a day, with its source"),
    "help.feeds.sign-form": (
        "离线：用密钥文件签署采集表",
        "offline: sign a collectors' form with a key file",
    ),
    "help.quotes.from-trades": (
        "把一周的追溯成交按加权均价计为成交价",
        "take a week's traced trades in as quotes of tier trade",
    ),
    "option.feed": ("来源名称，小写字母、数字与连字符", "name of the feed: small letters, digits, hyphens"),
    "option.feeds": ("来源名称；不写则轮询全部启用的来源", "names of feeds; all that are enabled by default"),
    "option.feed.address": ("http 或 https 地址", "http or https address"),
    "option.feed.shape": (
        "形式：table、trend-table、prose、collectors-form",
        "shape: table, trend-table, prose, collectors-form",
    ),
    "option.feed.form": ("内容：csv、json、xlsx、html、text", "form: csv, json, xlsx, html, text"),
    "option.feed.source": ("报价的来源名；默认同名", "source its quotes are kept under; its name by default"),
    "option.feed.every": ("每隔多少分钟轮询一次（至少 5）", "minutes between polls, 5 at least"),
    "option.feed.set": (
        "设置，如 market=亳州、day=received、unit=元/市斤，可重复",
        "a setting such as market=bozhou or day=received; may be repeated",
    ),
    "option.rate.currency": ("币种代码（ISO 4217）", "code of the currency (ISO 4217)"),
    "option.rate.day": ("日期", "day"),
    "option.rate.value": ("一单位外币合多少元", "yuan for one unit"),
    "option.rate.source": ("汇率出处", "who says so"),
    "option.form.file": ("采集表（JSON、CSV 或 xlsx）", "the form (JSON, CSV or xlsx)"),
    "option.form.key": ("采集人的密钥文件", "the collector's key file"),
    "option.form.out": ("写出签好的采集表（JSON）", "where the signed form goes (JSON)"),
    "option.week": (
        "ISO 周，如 2026-W12；默认为已结束的最近一周",
        "ISO week such as 2026-W12; the last ended one by default",
    ),
    "feeds.added": (
        "来源 {name} 已设置，每 {minutes} 分钟轮询一次",
        "feed {name} is set up and polled every {minutes} minutes",
    ),
    "feeds.none": (
        "没有报价来源；用 daodi feeds add 设置",
        "there are no feeds; set one up with daodi feeds add",
    ),
    "feeds.asking": ("轮询", "polling"),
    "trades.summing": ("汇总成交", "summing the trades"),
    "feeds.polled": (
        "{name}：{outcome}；{rows} 行，写入 {written}，隔离 {quarantined}，未采纳 {faults}",
        "{name}: {outcome}; {rows} rows, {written} written, {quarantined} quarantined, {faults} not taken",
    ),
    "feeds.claims": (
        "    由涨跌幅核对旧价：{agreed} 处一致，{differed} 处不符",
        "    earlier prices by stated changes: {agreed} agree, {differed} differ",
    ),
    "feeds.message": ("    {message}", "    {message}"),
    "feeds.disabled": ("来源 {name} 已停用", "feed {name} is disabled"),
    "feeds.enabled": ("来源 {name} 已启用", "feed {name} is enabled"),
    "feeds.rate": (
        "{day} 的 1 {currency} = {rate} 元（{source}）",
        "on {day} 1 {currency} = {rate} yuan ({source})",
    ),
    "feeds.signed": (
        "采集表已由 {key} 签署，写入 {file}",
        "the form is signed by {key} and written to {file}",
    ),
    "feeds.on": ("启用", "enabled"),
    "feeds.off": ("停用", "disabled"),
    "head.feed": ("来源", "feed"),
    "head.shape": ("形式", "shape"),
    "head.answer": ("最近应答", "last answer"),
    "head.new_quotes": ("最近新报价", "last new quotes"),
    "head.poll": ("最近结果", "last outcome"),
    "head.breaker": ("主机", "host"),
    "head.not_taken": ("未采纳", "not taken"),
    "trades.taken": (
        "{week}：写入 {written} 个成交价（标记 {flagged}，隔离 {quarantined}，重复 {duplicates}）",
        "{week}: {written} prices ({flagged} flagged, {quarantined} quarantined), {duplicates} known already",
    ),
    "trades.hidden": (
        "为不暴露单笔成交而不计：笔数不足 {few_trades}，卖方不足 {few_sellers}；缺规格或市场 {unnamed}（格）",
        "kept out so that no deal shows: {few_trades} cells of few trades, {few_sellers} of few sellers; "
        "{unnamed} lack a grade or market",
    ),
}
