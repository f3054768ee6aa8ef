//! When octets were recorded that belong to no item yet.

use std::collections::VecDeque;

use crate::source::Micros;

/// The times of the last octets, from the first that belongs to no item on.
#[derive(Clone, Debug, Default)]
pub struct Arrivals(VecDeque<(u64, Micros)>);

impl Arrivals {
    /// The octets from `offset` on arrived at `at`.
    pub fn push(&mut self, offset: u64, at: Micros) {
        self.0.push_back((offset, at));
    }

    /// When the octet at `offset` arrived. Later questions are about later octets.
    pub fn of(&mut self, offset: u64) -> Option<Micros> {
        while self.0.get(1).is_some_and(|&(next, _)| next <= offset) {
            self.0.pop_front();
        }
        self.0.front().filter(|&&(from, _)| from <= offset).map(|&(_, at)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octet_has_the_time_of_the_chunk_it_came_in() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.of(0), None);
        for (offset, at) in [(10, 1), (20, 2), (30, 3)] {
            arrivals.push(offset, at);
        }
        assert_eq!(arrivals.of(9), None);
        assert_eq!([10, 19, 20, 35].map(|offset| arrivals.of(offset)), [Some(1), Some(1), Some(2), Some(3)]);
    }
}
