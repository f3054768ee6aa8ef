//! One panel for each unit, one below the other, with one time axis for all; where they lie, in CSS pixels.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels are few, and lengths are clamped to be positive"
)]

use std::ops::Range;

use meterscope_decoder::reading::Unit;

use super::reduce::Summary;

/// What a panel shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The unit of its axis.
    pub unit: Unit,
    /// The value at its lower edge.
    pub low: f64,
    /// The value at its upper edge.
    pub high: f64,
}

impl Panel {
    /// The panel of `unit` for series that add up to `summaries`.
    pub fn of(unit: Unit, summaries: impl Iterator<Item = Summary>) -> Self {
        let ends = summaries.fold(None, |ends: Option<(f64, f64)>, summary| {
            let (min, max) = ends.unwrap_or((summary.min, summary.max));
            Some((min.min(summary.min), max.max(summary.max)))
        });
        let (low, high) = ends.map_or((0.0, 1.0), |(min, max)| range(min, max));
        Self { unit, low, high }
    }
}

/// The values at the edges of a panel that shows `min` to `max`: some room, and 0 where it is near.
fn range(min: f64, max: f64) -> (f64, f64) {
    const ROOM: f64 = 0.08;
    let height = max - min;
    if height <= 0.0 {
        let around = if min == 0.0 { 1.0 } else { min.abs() * 0.05 };
        return if min == 0.0 { (0.0, 1.0) } else { (min - around, max + around) };
    }
    let low = if min >= 0.0 && min < max * 0.5 { 0.0 } else { min - height * ROOM };
    let high = if max <= 0.0 && max > min * 0.5 { 0.0 } else { max + height * ROOM };
    (low, high)
}

/// Where the parts of a plot lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// From the left end of the time axis to its right end.
    pub across: Range<i32>,
    /// Each panel from its upper to its lower edge.
    pub down: Vec<Range<i32>>,
}

/// Above each panel, for its unit.
const HEAD: i32 = 20;
/// Below the last one, for the times.
const FOOT: i32 = 22;
/// Right of the time axis, for half of its last label.
const END: i32 = 14;

impl Layout {
    /// The parts of a plot with so many panels and labels of so many characters beside them.
    pub fn of(width: f64, height: f64, panels: usize, characters: usize) -> Self {
        let left = 14 + 7 * characters as i32;
        let across = left..(width as i32 - END).max(left + 1);
        let count = panels.max(1) as i32;
        let each = ((height as i32 - FOOT) / count).max(HEAD + 1);
        let down = (0..panels as i32).map(|number| number * each + HEAD..(number + 1) * each).collect();
        Self { across, down }
    }

    /// How wide the time axis is.
    pub fn width(&self) -> f64 {
        f64::from((self.across.end - self.across.start).max(1))
    }

    /// The place on the time axis, 0 to 1, of a pixel.
    pub fn place(&self, x: f64) -> f64 {
        (x - f64::from(self.across.start)) / self.width()
    }

    /// The panel at or next to a pixel.
    pub fn panel_at(&self, y: f64) -> usize {
        let after = self.down.partition_point(|panel| f64::from(panel.start - HEAD) <= y);
        after.saturating_sub(1)
    }

    /// How far below the upper edge of a panel a value lies, from 0 to 1.
    pub fn pixel(&self, number: usize, panel: &Panel, value: f64) -> f64 {
        let Some(edges) = self.down.get(number) else { return 0.0 };
        let up = (value - panel.low) / (panel.high - panel.low);
        f64::from(edges.end) - up * f64::from(edges.end - edges.start)
    }
}

/// How many labels of a value axis have room in a panel.
pub fn value_labels(panel: &Range<i32>) -> usize {
    ((panel.end - panel.start) / 20).clamp(1, 8) as usize
}

/// How many labels have room at the time axis.
pub fn time_labels(layout: &Layout) -> usize {
    (layout.width() / 84.0).clamp(1.0, 16.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(min: f64, max: f64) -> Summary {
        Summary { count: 2, min, max, sum: min + max, last: max }
    }

    #[test]
    fn every_value_lies_within_its_panel() {
        for (min, max) in
            [(0.0, 0.0), (230.1, 230.1), (229.0, 231.0), (0.0, 9_000.0), (-3.0, 4.0), (-9.0, -1.0)]
        {
            let panel = Panel::of(Unit::Volt, [summary(min, max)].into_iter());
            assert!(panel.low <= min && panel.high >= max && panel.low < panel.high, "{panel:?}");
        }
        assert_eq!(Panel::of(Unit::Watt, [summary(10.0, 9_000.0)].into_iter()).low, 0.0);
        assert!(Panel::of(Unit::Volt, [summary(229.0, 231.0)].into_iter()).low > 200.0);
        assert!(Panel::of(Unit::Volt, std::iter::empty()).low < 1.0);
    }

    #[test]
    fn panels_share_the_height_and_are_found_again() {
        let layout = Layout::of(700.0, 322.0, 3, 5);
        assert_eq!(layout.down, [20..100, 120..200, 220..300]);
        assert_eq!([0.0, 99.0, 101.0, 250.0, 900.0].map(|y| layout.panel_at(y)), [0, 0, 1, 2, 2]);
        let panel = Panel { unit: Unit::Watt, low: 0.0, high: 10.0 };
        assert!((layout.pixel(1, &panel, 5.0) - 160.0).abs() < 1e-9);
        assert!((layout.place(f64::from(layout.across.end)) - 1.0).abs() < 1e-9);
        // Nothing breaks where there is no room.
        assert!(Layout::of(0.0, 0.0, 3, 9).width() >= 1.0);
    }
}
