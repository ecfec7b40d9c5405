//! The assets that site tables give a role, and what became of each in the run, into those that prove nothing.

use std::collections::HashMap;

use crate::policy::{Literal, SiteKind};
use crate::results::Run;

/// What became of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It was judged.
    Judged,
    /// It could not be read, or is not there.
    Failed,
    /// It was collected too long ago.
    Stale,
}

/// The roles of a run.
pub(super) struct Roles {
    /// Id of an asset, and where its role is given, in the order of the tables.
    roles: Vec<(String, String)>,
    /// What became of those assets that were met.
    states: HashMap<String, State>,
}

impl Roles {
    /// The roles that the site tables of a run give.
    pub(super) fn of(run: &Run<'_>) -> Roles {
        let mut roles = Vec::new();
        for table in run.given.profile.tables.iter().flatten() {
            for row in &table.rows {
                for (kind, cell) in table.kinds.iter().zip(&row.cells) {
                    if let (SiteKind::Asset, Literal::Text(id)) = (kind, cell) {
                        roles.push((id.clone(), format!("{}:{}", table.file, row.line)));
                    }
                }
            }
        }
        Roles { roles, states: HashMap::new() }
    }

    /// Notes what became of an asset.
    pub(super) fn met(&mut self, id: &str, state: State) {
        if self.roles.iter().any(|(role, _)| role == id) {
            self.states.insert(id.to_owned(), state);
        }
    }

    /// The roles whose assets prove nothing: the id, what became of it, and where the role is given.
    pub(super) fn unproven(&self) -> Vec<(String, &'static str, String)> {
        let became = |id: &str| match self.states.get(id) {
            Some(State::Judged) => None,
            Some(State::Failed) => Some("failed"),
            Some(State::Stale) => Some("stale"),
            None => Some("missing"),
        };
        self.roles.iter().filter_map(|(id, place)| Some((id.clone(), became(id)?, place.clone()))).collect()
    }
}
