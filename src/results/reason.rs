//! Why a rule was not decided or does not apply, into words.

use crate::evaluate::Reason;
use crate::names::{Language, Phrase};
use crate::results::Run;
use crate::source::visible::{Whitespace, visible};

static PARAMETER: Phrase =
    Phrase { zh: "参数 `{}` 没有值：请在基线档中设置", en: "the parameter `{}` has no value: set it in the profile" };
static SITE_TABLE: Phrase =
    Phrase { zh: "没有给出站点表 `{}`：请在基线档中设置", en: "the site table `{}` is not given: set it in the profile" };
static DROPPED: Phrase = Phrase { zh: "基线档剔除：{}", en: "dropped by the profile: {}" };
static STALE: Phrase = Phrase { zh: "采集于 {}，已超过允许的时限", en: "collected on {}, longer ago than is allowed" };
static UNDATED: Phrase = Phrase { zh: "该资产没有采集日期", en: "the asset has no date of collection" };
static ELEMENT: Phrase = Phrase { zh: "列表中有无法确定的元素", en: "the list has an element that is not known" };
static NOTHING_SELECTED: Phrase = Phrase { zh: "没有符合条件的对象", en: "nothing is selected" };
static NOTHING_EXAMINED: Phrase = Phrase { zh: "没有可检查的对象", en: "there was nothing to examine" };
static ABSENT: Phrase = Phrase { zh: "已证实没有 {}", en: "{} is proven absent" };
static NOT_SEEN: Phrase =
    Phrase { zh: "未见 {}（没有证据证明其不存在）", en: "{} was not seen (nothing proves its absence)" };
static TABLE_NOT_SEEN: Phrase = Phrase {
    zh: "未见能提供 `{}` 的产品（没有证据证明其不存在）",
    en: "no product that fills `{}` was seen (nothing proves their absence)",
};
static ONE_SIDED: Phrase = Phrase {
    zh: "`{}` 要对比的两方（运行值与配置文件）没有同时采集到",
    en: "of the two sides that `{}` compares, running values and files, not both were collected",
};
static NO_SUBJECT: Phrase = Phrase { zh: "该平台没有此类对象", en: "the platform has no such subject" };

/// The reason as a sentence.
pub fn reason_text(reason: &Reason<'_>, run: &Run<'_>, language: Language) -> String {
    match reason {
        Reason::Fact(why) => why.text(language),
        Reason::Parameter(number) => {
            let name = run.library.parameters.get(*number).map_or("", |parameter| &parameter.name);
            PARAMETER.fill(language, &[name])
        }
        Reason::SiteTable(number) => {
            let name = run.library.tables.get(*number).map_or("", |table| &table.name);
            SITE_TABLE.fill(language, &[name])
        }
        Reason::Dropped(number) => {
            let reason = run.given.profile.drops.get(*number).map_or("", |drop| &drop.reason);
            DROPPED.fill(language, &[&visible(reason, Whitespace::Shown)])
        }
        Reason::Stale(date) => STALE.fill(language, &[&date.to_string()]),
        Reason::Undated => UNDATED.text(language).to_owned(),
        Reason::Element => ELEMENT.text(language).to_owned(),
        Reason::NothingSelected => NOTHING_SELECTED.text(language).to_owned(),
        Reason::NothingExamined => NOTHING_EXAMINED.text(language).to_owned(),
        Reason::ProductAbsent(product) => ABSENT.fill(language, &[product]),
        Reason::ProductNotSeen(product) => NOT_SEEN.fill(language, &[product]),
        Reason::TableNotSeen(table) => TABLE_NOT_SEEN.fill(language, &[table]),
        Reason::OneSided(table) => ONE_SIDED.fill(language, &[table]),
        Reason::NoSuchSubject => NO_SUBJECT.text(language).to_owned(),
    }
}

/// The reason as a kebab-case code for machines.
pub fn reason_code(reason: &Reason<'_>) -> &'static str {
    match reason {
        Reason::Fact(why) => why.code,
        Reason::Parameter(_) => "parameter-not-set",
        Reason::SiteTable(_) => "site-table-not-given",
        Reason::Dropped(_) => "dropped",
        Reason::Stale(_) => "stale",
        Reason::Undated => "undated",
        Reason::Element => "element-not-known",
        Reason::NothingSelected => "nothing-selected",
        Reason::NothingExamined => "nothing-examined",
        Reason::ProductAbsent(_) => "absent",
        Reason::ProductNotSeen(_) | Reason::TableNotSeen(_) => "not-seen",
        Reason::OneSided(_) => "one-sided",
        Reason::NoSuchSubject => "no-such-subject",
    }
}

/// Appends what tells reasons apart whose sentence or code differs.
pub fn reason_key(reason: &Reason<'_>, key: &mut Vec<u8>) {
    key.extend_from_slice(reason_code(reason).as_bytes());
    // No code has a NUL byte.
    key.push(0);
    match reason {
        Reason::Fact(why) => {
            // A phrase is a static: its address tells it.
            key.extend_from_slice(&std::ptr::from_ref(why.phrase).addr().to_ne_bytes());
            key.extend_from_slice(why.subject.as_bytes());
        }
        Reason::Parameter(number) | Reason::SiteTable(number) | Reason::Dropped(number) => key.extend_from_slice(&number.to_ne_bytes()),
        Reason::Stale(date) => key.extend_from_slice(date.to_string().as_bytes()),
        Reason::ProductAbsent(name) | Reason::ProductNotSeen(name) | Reason::TableNotSeen(name) | Reason::OneSided(name) => {
            key.extend_from_slice(name.as_bytes())
        }
        Reason::Undated | Reason::Element | Reason::NothingSelected | Reason::NothingExamined | Reason::NoSuchSubject => {}
    }
}
