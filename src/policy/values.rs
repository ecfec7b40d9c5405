//! The values of all parameters, as they hold for one group of assets, and what an operand stands for under them.

use super::{Library, Literal, Operand};

/// The values of all parameters of a library, by the parameters' numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    names: Vec<String>,
    values: Vec<Option<Vec<Literal>>>,
}

impl Values {
    /// The values that hold without a profile.
    pub fn defaults(library: &Library) -> Values {
        Values {
            names: library.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            values: library.parameters.iter().map(|parameter| parameter.default.clone()).collect(),
        }
    }

    /// No values, only names: how a text is written that holds whatever the values.
    pub(super) fn named(library: &Library) -> Values {
        let values = Values::defaults(library);
        Values { values: vec![None; values.names.len()], names: values.names }
    }

    /// The value of a parameter; none where nothing sets it.
    pub fn get(&self, parameter: usize) -> Option<&[Literal]> {
        self.values.get(parameter)?.as_deref()
    }

    /// Sets the value of a parameter.
    pub fn set(&mut self, parameter: usize, value: Vec<Literal>) {
        if let Some(place) = self.values.get_mut(parameter) {
            *place = Some(value);
        }
    }

    /// The literals that an operand stands for; none for a parameter that nothing sets.
    pub fn of<'v>(&'v self, operand: &'v Operand) -> Option<&'v [Literal]> {
        match operand {
            Operand::Literal(literal) => Some(std::slice::from_ref(literal)),
            Operand::Parameter(number) => self.get(*number),
        }
    }

    /// An operand as policies write it, with the value of a parameter.
    pub(super) fn written(&self, operand: &Operand) -> String {
        match (self.of(operand), operand) {
            (Some(literals), _) => literals.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            (None, Operand::Parameter(number)) => format!("${}", self.names.get(*number).map_or("", String::as_str)),
            (None, Operand::Literal(_)) => String::new(),
        }
    }
}
