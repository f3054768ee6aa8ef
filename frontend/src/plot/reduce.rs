//! Many points to few: of all points that fall on one column of pixels the first, the last, the lowest and the highest
//! are kept. What is drawn from these looks as if all had been drawn, so that no spike is lost at any zoom.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "microseconds and counts stay far below the 52 bits of a mantissa, and columns are counted from 0"
)]

use super::view::{SECOND, Window};
use crate::session::{Block, Place, Point};
use crate::source::Micros;

/// What is drawn of a series, and what it adds up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Lines, from gap to gap; one of a single place is a dot.
    pub lines: Vec<Vec<Place>>,
    /// Over all points in the window; none where there are none.
    pub summary: Option<Summary>,
}

/// What the points in a window add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many there are.
    pub count: u64,
    /// The lowest.
    pub min: f64,
    /// The highest.
    pub max: f64,
    /// Their sum.
    pub sum: f64,
    /// The last.
    pub last: f64,
}

impl Summary {
    /// The mean of the points; it does not ask how long each value lasted.
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }

    fn add(this: &mut Option<Self>, block: &Block) {
        let Block { min: (_, min), max: (_, max), last: (_, last), count, sum, .. } = *block;
        let all = this.get_or_insert(Self { count: 0, min, max, sum: 0.0, last });
        all.count += u64::from(count);
        all.min = all.min.min(min);
        all.max = all.max.max(max);
        all.sum += sum;
        all.last = last;
    }
}

/// How many intervals at either end of a series tell how often it comes.
const INTERVALS: usize = 64;
/// A line goes over so many missing points, in halves of an interval: three lost frames are no gap.
const HALF_INTERVALS: Micros = 9;
/// What a gap is where no interval tells it: a lone point is found from so far.
const UNTOLD_GAP: Micros = 10 * SECOND;

/// How long nothing may come before a line breaks off: a few of the intervals at which the series usually comes. They are
/// learned from its first points and, from the last one back, from its last ones: a meter may come to be read less often.
/// The longer ones count.
pub fn gap_of(first: impl Iterator<Item = Point>, last: impl Iterator<Item = Point>) -> Micros {
    match usual_interval(first).max(usual_interval(last)) {
        Some(interval) => (interval * HALF_INTERVALS).div_ceil(2),
        None => UNTOLD_GAP,
    }
}

/// What three of four intervals do not exceed: a meter may send two lists one right after the other, and some may be lost.
fn usual_interval(points: impl Iterator<Item = Point>) -> Option<Micros> {
    let mut intervals: Vec<Micros> = Vec::with_capacity(INTERVALS);
    let mut before: Option<Point> = None;
    for point in points.take(INTERVALS + 1) {
        let interval = before.map_or(0, |before| before.at.abs_diff(point.at));
        if interval > 0 {
            // There are few, and a sort for many would weigh more than all of this.
            intervals.insert(intervals.partition_point(|other| *other <= interval), interval);
        }
        before = Some(point);
    }
    intervals.get(intervals.len().checked_sub(1)? * 3 / 4).copied()
}

/// How long a block of points may last to be drawn in columns of pixels: one that is longer has points in two of them.
pub fn longest_block(window: Window, columns: usize) -> Micros {
    window.width() / columns.max(1) as Micros
}

/// Reduces a series to what `columns` columns of pixels can show of `window`. `blocks` come in the order of their times;
/// points up to a gap outside of the window let lines run to its edges, and no block lies across an edge. `points` are
/// those in the window, one by one: they are looked at where a block is not fine enough.
pub fn reduce(
    blocks: impl Iterator<Item = Block>,
    mut points: impl Iterator<Item = Point>,
    window: Window,
    columns: usize,
    gap: Micros,
) -> Trace {
    let per_column = (window.width() as f64 / columns.max(1) as f64).max(1.0);
    let mut reducer =
        Reducer { window, per_column, gap, trace: Trace::default(), column: None, before: None };
    let mut passed = 0;
    for block in blocks {
        let count = block.count as usize;
        if !window.contains(block.first.0) {
            reducer.outside(&block);
        } else if count == 1 || reducer.is_fine(&block) {
            reducer.inside(&block);
            passed += count;
        } else {
            for point in points.by_ref().skip(passed).take(count) {
                reducer.inside(&Block::from(point));
            }
            passed = 0;
        }
    }
    reducer.finish()
}

struct Reducer {
    window: Window,
    /// Microseconds in a column of pixels.
    per_column: f64,
    gap: Micros,
    trace: Trace,
    /// The number of a column, and the points that fall on it.
    column: Option<(u32, Block)>,
    /// The point before, wherever it lies.
    before: Option<Place>,
}

impl Reducer {
    fn inside(&mut self, block: &Block) {
        Summary::add(&mut self.trace.summary, block);
        self.put(self.number(block.first.0), block);
    }

    /// Whether a block can be drawn as a whole: all of it falls on one column, and it is not so long for its points that
    /// the line may break within.
    fn is_fine(&self, block: &Block) -> bool {
        let (first, last) = (block.first.0, block.last.0);
        // Two of nine halves are the usual interval, and a gap is three and a half of them longer than that.
        let usual = self.gap * 2 / HALF_INTERVALS * Micros::from(block.count - 1);
        self.number(first) == self.number(last) && last.saturating_sub(first) <= usual + self.gap / 3
    }

    fn number(&self, at: Micros) -> u32 {
        (at.saturating_sub(self.window.from) as f64 / self.per_column) as u32
    }

    fn put(&mut self, number: u32, block: &Block) {
        let joined = self.joined(block.first.0);
        match &mut self.column {
            Some((column, all)) if joined && *column == number => all.add(block),
            _ => {
                self.flush();
                if !joined {
                    self.trace.lines.push(Vec::new());
                } else if let Some(before) = self.before.filter(|before| before.0 < self.window.from) {
                    // The line comes from outside.
                    self.trace.lines.push(vec![between(before, block.first, self.window.from)]);
                }
                self.column = Some((number, *block));
            }
        }
        self.before = Some(block.last);
    }

    fn outside(&mut self, block: &Block) {
        let place = block.first;
        if place.0 > self.window.to
            && let Some(before) = self.before.filter(|before| before.0 <= self.window.to)
            && self.joined(place.0)
        {
            self.flush();
            let edge = between(before, place, self.window.to);
            if before.0 < self.window.from {
                // The window lies between two points.
                self.trace.lines.push(vec![between(before, place, self.window.from)]);
            }
            if let Some(line) = self.trace.lines.last_mut() {
                line.push(edge);
            }
        }
        self.before = Some(block.last);
    }

    /// Whether a line leads from the point before to this moment. A clock that was set back begins a new one.
    fn joined(&self, at: Micros) -> bool {
        let since = self.before.and_then(|before| at.checked_sub(before.0));
        since.is_some_and(|since| since <= self.gap)
    }

    fn flush(&mut self) {
        if let (Some((_, block)), Some(line)) = (self.column.take(), self.trace.lines.last_mut()) {
            for place in in_order(&block) {
                if line.last() != Some(&place) {
                    line.push(place);
                }
            }
        }
    }

    fn finish(mut self) -> Trace {
        self.flush();
        self.trace
    }
}

/// First, lowest, highest and last in the order of their times.
fn in_order(block: &Block) -> [Place; 4] {
    let is_rising = block.min.0 <= block.max.0;
    let (earlier, later) = if is_rising { (block.min, block.max) } else { (block.max, block.min) };
    [block.first, earlier, later, block.last]
}

/// Where the line from one place to the next crosses a moment.
fn between(one: Place, next: Place, at: Micros) -> Place {
    let way = Window { from: one.0, to: next.0 }.place(at);
    (at, one.1 + (next.1 - one.1) * way)
}

#[cfg(test)]
mod tests;
