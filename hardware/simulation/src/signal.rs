//! Values over time.

/// A voltage or a current over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    time: Vec<f64>,
    values: Vec<f64>,
}

/// A change of a digital level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Seconds.
    pub at_s: f64,
    /// What it changed to.
    pub level: bool,
}

impl Signal {
    /// # Panics
    ///
    /// If there are not as many values as times, or none.
    pub fn new(time: Vec<f64>, values: Vec<f64>) -> Self {
        assert!(time.len() == values.len() && !time.is_empty(), "a value a time");
        Self { time, values }
    }

    /// Seconds.
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// Volts or amperes.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The last moment.
    pub fn end_s(&self) -> f64 {
        self.time[self.time.len() - 1]
    }

    /// From a moment on.
    #[must_use]
    pub fn after(&self, from_s: f64) -> Self {
        let from = self.time.partition_point(|&at| at < from_s).min(self.time.len() - 1);
        Self { time: self.time[from..].to_vec(), values: self.values[from..].to_vec() }
    }

    /// Up to a moment.
    #[must_use]
    pub fn before(&self, until_s: f64) -> Self {
        let until = self.time.partition_point(|&at| at <= until_s).max(1);
        Self { time: self.time[..until].to_vec(), values: self.values[..until].to_vec() }
    }

    /// The smallest value.
    pub fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The largest value.
    pub fn most(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The value at a moment, between the points on a straight line.
    pub fn at(&self, moment_s: f64) -> f64 {
        let behind = self.time.partition_point(|&at| at < moment_s).min(self.time.len() - 1);
        if behind == 0 {
            return self.values[0];
        }
        let (t0, t1) = (self.time[behind - 1], self.time[behind]);
        let (v0, v1) = (self.values[behind - 1], self.values[behind]);
        if moment_s >= t1 || t1 <= t0 { v1 } else { v0 + (v1 - v0) * (moment_s - t0) / (t1 - t0) }
    }

    /// The mean over its time.
    pub fn mean(&self) -> f64 {
        let whole = self.end_s() - self.time[0];
        if whole <= 0.0 { self.values[0] } else { self.integral() / whole }
    }

    /// Its integral over its time.
    pub fn integral(&self) -> f64 {
        let steps = self.time.windows(2).zip(self.values.windows(2));
        steps.map(|(time, value)| (time[1] - time[0]) * (value[0] + value[1]) / 2.0).sum()
    }

    /// Another signal's values at the same times, combined with these.
    #[must_use]
    pub fn combined(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        let values = self.time.iter().zip(&self.values).map(|(&at, &value)| combine(value, other.at(at)));
        Self { time: self.time.clone(), values: values.collect() }
    }

    /// Where it rises through `high` or falls through `low`, once each in turn. It begins high if it is above `low`.
    pub fn edges(&self, low: f64, high: f64) -> Vec<Edge> {
        let mut level = self.values[0] > low;
        let mut edges = Vec::new();
        for (time, value) in self.time.windows(2).zip(self.values.windows(2)) {
            let through = if level { low } else { high };
            let crossed = if level { value[1] <= low } else { value[1] >= high };
            if crossed {
                level = !level;
                let part = if (value[1] - value[0]).abs() > 0.0 {
                    (through - value[0]) / (value[1] - value[0])
                } else {
                    1.0
                };
                edges.push(Edge { at_s: time[0] + (time[1] - time[0]) * part.clamp(0.0, 1.0), level });
            }
        }
        edges
    }

    /// How long it takes from 10 to 90 % of the way between `low` and `high`, either way, at the longest. An edge that is
    /// turned back before it arrives counts until it does.
    pub fn transition_s(&self, low: f64, high: f64) -> f64 {
        let (tenth, rest) = (low + 0.1 * (high - low), low + 0.9 * (high - low));
        let mut longest = 0.0_f64;
        let mut left = None;
        let mut was_above = self.values[0] > rest;
        for (&at, &value) in self.time.iter().zip(&self.values) {
            if value > tenth && value < rest {
                left.get_or_insert(at);
            } else {
                let above = value >= rest;
                if let Some(left) = left.take()
                    && above != was_above
                {
                    longest = longest.max(at - left);
                }
                was_above = above;
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Signal {
        Signal::new(vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![5.0, 5.0, 0.0, 0.0, 5.0])
    }

    #[test]
    fn edges_lie_between_the_points() {
        let edges = ramp().edges(1.5, 3.0);
        assert_eq!(edges.len(), 2);
        assert!((edges[0].at_s - 1.7).abs() < 1e-9 && !edges[0].level);
        assert!((edges[1].at_s - 3.6).abs() < 1e-9 && edges[1].level);
    }

    #[test]
    fn values_between_points_lie_on_a_line() {
        assert!((ramp().at(1.5) - 2.5).abs() < 1e-9);
        assert!((ramp().at(9.0) - 5.0).abs() < 1e-9);
        assert!((ramp().integral() - 10.0).abs() < 1e-9);
        assert!((ramp().after(2.0).most() - 5.0).abs() < 1e-9);
        assert!(ramp().before(1.0).least() > 4.9);
    }

    #[test]
    fn a_transition_is_from_a_tenth_to_nine_tenths() {
        let points: Vec<f64> = (0..=100).map(f64::from).collect();
        let rising = Signal::new(points.clone(), points.iter().map(|at| at.clamp(20.0, 40.0)).collect());
        assert!((rising.transition_s(20.0, 40.0) - 15.0).abs() <= 1.0, "{}", rising.transition_s(20.0, 40.0));
    }
}
