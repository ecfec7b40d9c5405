//! The port operators of access lists into sets of port numbers.

/// A set of ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Invariant: sorted, and neither overlapping nor adjacent.
    runs: Vec<(u16, u16)>,
}

impl Ports {
    /// Every port.
    pub fn any() -> Ports {
        Ports { runs: vec![(0, u16::MAX)] }
    }

    /// No port.
    pub fn none() -> Ports {
        Ports { runs: Vec::new() }
    }

    /// `eq`: one port.
    pub fn only(port: u16) -> Ports {
        Ports::between(port, port)
    }

    /// `range`: both ends included, in either order, as IOS and VRP accept them.
    pub fn between(one: u16, other: u16) -> Ports {
        Ports { runs: vec![(one.min(other), one.max(other))] }
    }

    /// `gt`: every port above.
    pub fn above(port: u16) -> Ports {
        Ports { runs: port.checked_add(1).map(|low| (low, u16::MAX)).into_iter().collect() }
    }

    /// `lt`: every port below.
    pub fn below(port: u16) -> Ports {
        Ports { runs: port.checked_sub(1).map(|high| (0, high)).into_iter().collect() }
    }

    /// `neq`: every port but one.
    pub fn except(port: u16) -> Ports {
        Ports::below(port).union(&Ports::above(port))
    }

    /// What is in either.
    pub fn union(&self, other: &Ports) -> Ports {
        Ports::of(&[&*self.runs, &*other.runs].concat())
    }

    /// The union of runs: first and last port, in that order.
    pub fn of(runs: &[(u16, u16)]) -> Ports {
        let mut all: Vec<(u16, u16)> = runs.iter().filter(|(low, high)| low <= high).copied().collect();
        all.sort_unstable();
        let mut runs: Vec<(u16, u16)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match runs.last_mut() {
                Some((_, last)) if low <= last.saturating_add(1) => *last = high.max(*last),
                _ => runs.push((low, high)),
            }
        }
        Ports { runs }
    }

    /// Its runs: first and last port, sorted, neither overlapping nor adjacent.
    pub fn runs(&self) -> &[(u16, u16)] {
        &self.runs
    }

    /// Whether it is every port.
    pub fn is_any(&self) -> bool {
        self.runs == [(0, u16::MAX)]
    }

    /// How many ports it holds.
    pub fn count(&self) -> u64 {
        self.runs.iter().map(|(low, high)| u64::from(high - low) + 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_hold_at_the_ends() {
        assert_eq!(Ports::above(65_535), Ports::none());
        assert_eq!(Ports::below(0), Ports::none());
        assert_eq!(Ports::above(0).runs(), [(1, 65_535)]);
        assert_eq!(Ports::except(0).runs(), [(1, 65_535)]);
        assert_eq!(Ports::except(22).runs(), [(0, 21), (23, 65_535)]);
        assert_eq!(Ports::between(90, 80).runs(), [(80, 90)]);
        assert!(Ports::except(22).union(&Ports::only(22)).is_any());
        assert_eq!(Ports::except(22).count(), 65_535);
    }
}
