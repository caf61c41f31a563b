"""The closed words of the registers: kinds of licence, roles of staff, kinds of standing."""

from trace.vocabulary import Word


class LicenceKind(Word):
    """What a licence allows; the law each rests on stands in `facts/licence_needs.csv`."""

    PRODUCTION = "production", "药品生产许可证", "drug production licence"
    DISTRIBUTION = "distribution", "药品经营许可证", "drug distribution licence"
    MEDICAL = "medical", "医疗机构执业许可证", "medical institution licence"
    GAP = "gap", "中药材GAP", "GAP for Chinese crude drugs"
    GMP = "gmp", "药品GMP证书", "drug GMP certificate"
    GSP = "gsp", "药品GSP证书", "drug GSP certificate"
    GATHERING = "gathering", "采药证", "permit to gather wild medicinal material"
    MINING = "mining", "采矿许可证", "mining licence"
    TOXIC = "toxic", "毒性药品定点资格", "designation for toxic drugs"
    FOOD_PRODUCTION = "food_production", "食品生产许可证", "food production licence"
    FOOD_TRADE = "food_trade", "食品经营许可证", "food trade licence"
    SEED = "seed", "种子生产经营许可证", "seed production and trade licence"
    LABORATORY = "laboratory", "检验检测机构资质认定", "laboratory accreditation (CMA)"


class StaffRole(Word):
    """What somebody answers for; who it is stays private."""

    QUALITY_HEAD = "quality_head", "质量负责人", "head of quality"
    QUALITY_AUTHORISED = "quality_authorised", "质量受权人", "authorised person for quality"
    PRODUCTION_HEAD = "production_head", "生产负责人", "head of production"
    TECHNICIAN = "technician", "工艺员", "process technician"
    QA = "qa", "QA", "quality assurance"
    INSPECTOR = "inspector", "检验员", "inspector"
    STOREKEEPER = "storekeeper", "养护员", "storekeeper"
    PHARMACIST = "pharmacist", "执业药师", "licensed pharmacist"
    IDENTIFIER = "identifier", "药材鉴定人", "identifier of herbs"
    PAOZHI_MASTER = "paozhi_master", "炮制大师", "master of 炮制"
    VETERAN = "veteran", "老药工", "veteran of the trade"


class StandingKind(Word):
    """Why a party or a place may not work."""

    SUSPENDED = "suspended", "暂停", "suspended"
    CLOSED = "closed", "关闭", "closed"


class Registered(Word):
    """What has a standing."""

    PARTY = "party", "主体", "party"
    PLACE = "place", "地点", "place"


class DocumentKind(Word):
    """What a document about a person or a licence is."""

    CERTIFICATE = "certificate", "证书", "certificate"
    VIDEO = "video", "影像档案", "video"
    PHOTO = "photo", "照片", "photo"
    TEXT = "text", "文字档案", "text"
