//! The tables of dated evidence records, which an institution keeps beside the configurations of its assets.

use super::{Clock, Column, Kind, Table};
use crate::names::Phrase;

/// What a record may be of; `other` stands for a kind that is not known.
pub const KINDS: &[&str] = &[
    "access-review",
    "annual-report",
    "asset-inventory",
    "attack-defence-exercise",
    "audit",
    "baseline-review",
    "change-test",
    "cii-assessment",
    "cii-plan",
    "cii-purchases",
    "cii-suppliers",
    "crypto-assessment",
    "drill",
    "incident",
    "media-disposal",
    "mfa-policy",
    "mlps-assessment",
    "nil-return",
    "other",
    "penetration-test",
    "policy-review",
    "remote-access-review",
    "retention-sample",
    "risk-assessment",
    "take-over-drill",
    "training",
    "vulnerability-analysis",
    "vulnerability-scan",
];

/// Why a record proves nothing.
pub const PROBLEMS: &[&str] = &[
    "bad-date",
    "bad-digest",
    "bad-times",
    "bad-value",
    "digest-differs",
    "file-missing",
    "file-outside",
    "no-author",
    "no-date",
    "no-digest",
    "no-file",
    "no-subject",
    "none",
    "unknown-field",
    "unknown-kind",
];

/// One row per dated record, incidents included.
pub static RECORDS: Table = Table {
    name: "records",
    title: Phrase { zh: "带日期和散列的证据记录", en: "dated, hashed evidence record" },
    promised: false,
    columns: &[
        Column::new("kind", Kind::Word(KINDS), "what it is a record of").key(),
        Column::new("subject", Kind::Text, "what it is about: a system, a change, a year").key(),
        Column::new("file", Kind::Text, "the file beside it that it is about, below records/; - where it names none").key(),
        Column::new("date", Kind::Date(Clock::Scan), "day on which it was done, in China").unset("it has no valid date"),
        Column::new("by", Kind::Text, "who did it or signed for it").unset("it does not say"),
        Column::new("covers", Kind::Texts, "its scope as it says: all-staff, head-office, branches, subsidiaries, suppliers, chapters")
            .empty(),
        Column::new("level", Kind::Integer, "protection level of the system that was assessed").unset("it names none"),
        Column::new("critical", Kind::Boolean, "whether it is about critical information infrastructure"),
        Column::new(
            "valid",
            Kind::Boolean,
            "whether it proves anything: it says kind, subject, date and author, and the file's digest is the one it names",
        ),
        Column::new("problem", Kind::Word(PROBLEMS), "why it proves nothing; none: it is valid"),
        Column::new("place", Kind::Text, "file:line:column of what is wrong, or of the record"),
        Column::new("latest", Kind::Boolean, "whether no valid record of its kind and subject is newer"),
        Column::new(
            "quarters-in-a-row",
            Kind::Integer,
            "calendar quarters, ending with that of its date, each of which has a valid record of its kind",
        ),
        Column::new("next-quarter-end", Kind::Date(Clock::Scan), "last day of the calendar quarter after that of its date")
            .unset("it has no valid date"),
        Column::new(
            "in-time",
            Kind::Boolean,
            "whether its date keeps its own deadline: a report 15 January after its period, a test its launch, wiping the disposal",
        )
        .unset("its kind has no such deadline, or it does not say what the deadline follows from"),
        Column::new("next-due", Kind::Date(Clock::Scan), "day on which the report of the next period is due").unset("not a yearly report"),
        Column::new("reaches-back-months", Kind::Integer, "whole months from the oldest log that was produced to the date")
            .unset("not a sample of logs, or it does not say"),
        Column::new("since-start", Kind::Boolean, "whether the oldest log is from the day on which the system went live, or the next")
            .unset("not a sample of logs, or it does not say"),
        Column::new("method", Kind::Text, "how media were wiped").unset("it does not say"),
        Column::new("filing", Kind::Text, "number under which it was filed with the regulator").unset("it does not say"),
    ],
    settings: &[],
};

/// One row per incident.
pub static INCIDENTS: Table = Table {
    name: "incidents",
    title: Phrase { zh: "网络安全事件记录", en: "record of an incident" },
    promised: false,
    columns: &[
        Column::new("incident", Kind::Text, "its name in the institution").key(),
        Column::new("level", Kind::Integer, "grade of the annex, 1 the gravest, 4 the mildest").unset("it does not say"),
        Column::new("critical", Kind::Boolean, "whether it hit critical information infrastructure"),
        Column::new("occurred", Kind::Date(Clock::Scan), "day on which it began, in China").unset("it does not say"),
        Column::new("report-delay", Kind::Duration, "from its beginning to the first report to the NFRA").unset("no report is recorded"),
        Column::new("written-delay", Kind::Duration, "from its beginning to the written report").unset("no written report is recorded"),
        Column::new("police-delay", Kind::Duration, "from its beginning to the report to the police").unset("no such report is recorded"),
        Column::new("progress-gap", Kind::Duration, "longest time between two reports, up to its end").unset("no report is recorded"),
        Column::new("told", Kind::Texts, "what the report told: time, place, system, course, progress, impact").empty(),
        Column::new("ended", Kind::Date(Clock::Scan), "day on which the response ended, in China").unset("it has not ended"),
        Column::new("summary-working-days", Kind::Integer, "working days from its end to the summary, the day of the end not counted")
            .unset("no summary or no end is recorded"),
        Column::new("summary-due", Kind::Date(Clock::Scan), "the fifth working day after its end").unset("it has not ended"),
        Column::new("audited", Kind::Date(Clock::Scan), "day of the special audit").unset("none is recorded"),
        Column::new(
            "graded-as-outage",
            Kind::Boolean,
            "whether its grade is no milder than the number of provinces and the length of the outage give",
        )
        .unset("provinces and length of the outage are not recorded"),
        Column::new("valid", Kind::Boolean, "whether the record proves anything"),
        Column::new("problem", Kind::Word(PROBLEMS), "why it proves nothing; none: it is valid"),
        Column::new("place", Kind::Text, "file:line:column of what is wrong, or of the record"),
    ],
    settings: &[],
};
