//! The tables for files of which no product knows, and what the `in` of a policy says of such files.

use super::{Column, Kind, Table, settings_columns};
use crate::names::Phrase;

/// The readings of a value.
const READINGS: [Column<'static>; 8] = settings_columns();

/// One row per block of a nested configuration.
pub static BLOCKS: Table = Table {
    name: "blocks",
    title: Phrase { zh: "任意配置文件中的一个块（由 `in` 指定）", en: "block of any configuration file that `in` names" },
    promised: false,
    columns: &[
        PATH,
        Column::new("block", Kind::Integer, "the line on which it opens").key(),
        Column::new("kind", Kind::Text, "the first word of the line that opens it").key(),
        Column::new("name", Kind::Text, "the rest of that line; empty where there is none").key(),
        Column::new("parent", Kind::Text, "the line that opens the block around it").unset("no block is around it"),
    ],
    settings: &[],
};

/// One row per line.
pub static LINES: Table = Table {
    name: "lines",
    title: Phrase { zh: "任意文件中的一行（由 `in` 指定）", en: "line of any file that `in` names" },
    promised: false,
    columns: &[
        PATH,
        Column::new("line", Kind::Integer, "its number; blank lines and comments have no row").key(),
        Column::new("text", Kind::Text, "the line without the blanks around it"),
    ],
    settings: &[],
};

/// One row per record of a file of records; `in` declares the further columns.
pub static ROWS: Table = Table {
    name: "rows",
    title: Phrase { zh: "任意表格文件中的一行记录（由 `in` 指定）", en: "record of any file of records that `in` names" },
    promised: false,
    columns: &[PATH, Column::new("row", Kind::Integer, "its number, from one; a header is not counted").key()],
    settings: &[],
};

/// One row per setting.
pub static SETTINGS: Table = Table {
    name: "settings",
    title: Phrase {
        zh: "任意配置文件中的一个设置项（由 `in` 指定）", en: "setting of any configuration file that `in` names"
    },
    promised: false,
    columns: &[
        PATH,
        Column::new("section", Kind::Text, "the section that it stands in; empty before any section").key(),
        Column::new("key", Kind::Text, "the key as written").key(),
        READINGS[1],
        READINGS[2],
        READINGS[3],
        READINGS[4],
        READINGS[5],
        READINGS[6],
    ],
    settings: &[],
};

/// The file of a row.
const PATH: Column<'static> = Column::new("path", Kind::Text, "path inside the asset, no leading slash").key();

/// A generic table as one `in` describes it: which files, how they are read, and the columns that it adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The table that it is a form of.
    pub table: &'static Table,
    /// Paths inside the asset without a leading slash; globs where they have `*`, `?` or `[…]`.
    pub paths: Vec<String>,
    /// How the files are read.
    pub reader: Reader,
    /// The columns behind those of the table.
    pub declared: Vec<Declared>,
}

impl View {
    /// A column of the table, or one that `in` declares.
    pub fn column(&self, number: usize) -> Option<Column<'_>> {
        let own = self.table.columns.get(number).copied();
        own.or_else(|| self.declared.get(number.checked_sub(self.table.columns.len())?).map(Declared::column))
    }

    /// The number of a column.
    pub fn find(&self, name: &str) -> Option<usize> {
        (0..self.columns()).find(|number| self.column(*number).is_some_and(|column| column.name == name))
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.table.columns.len() + self.declared.len()
    }
}

/// A column that `in` declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Kebab-case name.
    pub name: String,
    /// What its cells hold.
    pub kind: Kind,
    /// Where the value comes from: a header or a place of a record, or the template of a line.
    pub from: From,
}

impl Declared {
    /// As a column.
    fn column(&self) -> Column<'_> {
        match self.from {
            From::Template(_) => Column::new(&self.name, self.kind, "what the lines that fit hold").empty(),
            From::Header(_) | From::Place(_) => Column::new(&self.name, self.kind, "a value of the record").unset("the value is empty"),
        }
    }
}

/// Where the value of a declared column comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// The field under this header, compared without case.
    Header(String),
    /// The field at this place, from zero.
    Place(usize),
    /// The words of a line of the block: `{}` holds one, `{*}` at the end holds the rest.
    Template(Vec<String>),
}

/// How the files of a view are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Into what is recorded of them: kind, owner, mode.
    Files,
    /// Into lines; those that begin with one of these are comments.
    Lines(Vec<String>),
    /// Into settings.
    Settings {
        /// How they are written.
        format: Format,
        /// Which of several values of one key counts.
        wins: Option<Wins>,
    },
    /// Into records.
    Rows {
        /// What stands between fields; none for blanks, however many.
        separator: Option<char>,
        /// Whether the first record names the columns.
        header: bool,
        /// What comments begin with.
        comments: Vec<String>,
    },
    /// Into blocks.
    Blocks {
        /// What makes a block.
        style: Style,
        /// What comments begin with.
        comments: Vec<String>,
    },
}

/// How settings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `[section]` and `key = value`; comments with `#` or `;`; quotes around a value are dropped.
    Ini,
    /// `KEY=value` as a shell reads it, without expansions, `export` before it allowed; comments with `#`.
    Shell,
    /// `key value`; comments with `#`.
    Words,
}

/// Which of several values of one key counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wins {
    /// The first.
    First,
    /// The last.
    Last,
}

/// What makes a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Lines that are indented deeper than the line before them.
    Indent,
    /// `{` and `}`; statements end with `;` or at the end of the line.
    Braces,
}
