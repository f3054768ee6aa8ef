//! Many points to few: of all points that fall on one column of pixels the first, the last, the lowest and the highest
//! are kept. What is drawn from these looks as if all had been drawn, so that no spike is lost at any zoom.
#![allow(
    clippy::cast_precision_loss,
    reason = "microseconds and counts stay far below the 52 bits of a mantissa"
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

/// How many intervals tell how often a series comes.
const INTERVALS: usize = 64;
/// A line goes over so many missing points, in halves of an interval: three lost frames are no gap.
const HALF_INTERVALS: Micros = 9;
/// No line is broken over less.
const LEAST_GAP: Micros = 10 * SECOND;

/// How long nothing may come before a line breaks off, learned from the first points of a series.
pub fn gap_of(points: impl Iterator<Item = Point>) -> Micros {
    let mut intervals: Vec<Micros> = Vec::with_capacity(INTERVALS);
    let mut before = None;
    for point in points.take(INTERVALS + 1) {
        if let Some(interval) = before.and_then(|before| point.at.checked_sub(before)) {
            // There are few, and a sort for many would weigh more than all of this.
            intervals.insert(intervals.partition_point(|other| *other <= interval), interval);
        }
        before = Some(point.at);
    }
    let middle = intervals.get(intervals.len() / 2).copied().unwrap_or(0);
    (middle / 2 * HALF_INTERVALS).max(LEAST_GAP)
}

/// How long a block of points may last to be drawn in columns of pixels: no longer than two of them.
pub fn longest_block(window: Window, columns: usize) -> Micros {
    2 * window.width() / columns.max(1) as Micros
}

/// Reduces `blocks`, in the order of their times, to what `columns` columns of pixels can show of `window`. Points up to
/// a gap outside of it let lines run to its edges; no block lies across an edge.
pub fn reduce(blocks: impl Iterator<Item = Block>, window: Window, columns: usize, gap: Micros) -> Trace {
    let per_column = (window.width() as f64 / columns.max(1) as f64).max(1.0);
    let mut reducer =
        Reducer { window, per_column, gap, trace: Trace::default(), column: None, before: None };
    for block in blocks {
        if window.contains(block.first.0) {
            reducer.inside(&block);
        } else {
            reducer.outside(&block);
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
        let number = self.number(block.first.0);
        if number == self.number(block.last.0) {
            self.put(number, block);
        } else {
            for (at, value) in in_order(block) {
                self.put(self.number(at), &Block::from(Point { at, value, item: 0 }));
            }
        }
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
mod tests {
    use super::*;

    fn series(values: &[(Micros, f64)]) -> impl Iterator<Item = Block> + Clone {
        let points: Vec<Point> = (0..)
            .zip(values)
            .map(|(item, &(second, value))| Point { at: second * SECOND, value, item })
            .collect();
        points.into_iter().map(Block::from)
    }

    fn window(from: Micros, to: Micros) -> Window {
        Window { from: from * SECOND, to: to * SECOND }
    }

    #[test]
    fn one_spike_in_a_day_is_drawn_on_any_screen() {
        const POINTS: usize = 43_200;
        let points = (0..POINTS).map(|item| {
            let value = if item == 31_234 { 9_000.0 } else { f64::from((item % 7) as u32) };
            Point { at: item as Micros * 2 * SECOND, value, item }
        });
        for columns in [1, 300, 1_400, 5_000] {
            let trace = reduce(points.clone().map(Block::from), window(0, 86_400), columns, 10 * SECOND);
            let [line] = &trace.lines[..] else { panic!("one line, not {}", trace.lines.len()) };
            assert!(line.len() <= 4 * (columns + 1), "{}", line.len());
            assert!(line.contains(&(31_234 * 2 * SECOND, 9_000.0)));
            assert!(line.is_sorted_by_key(|place| place.0));
            let summary = trace.summary.unwrap();
            assert_eq!((summary.count, summary.min, summary.max), (POINTS as u64, 0.0, 9_000.0));
        }
    }

    #[test]
    fn few_points_are_all_drawn() {
        let points = series(&[(0, 1.0), (2, 5.0), (4, 3.0)]);
        let trace = reduce(points, window(0, 10), 1_000, 5 * SECOND);
        assert_eq!(trace.lines, [vec![(0, 1.0), (2 * SECOND, 5.0), (4 * SECOND, 3.0)]]);
    }

    #[test]
    fn a_gap_breaks_the_line_and_a_lone_point_is_a_dot() {
        let points = series(&[(0, 1.0), (2, 1.0), (60, 7.0), (100, 2.0), (102, 2.0)]);
        let trace = reduce(points, window(0, 102), 1_000, 10 * SECOND);
        let lengths: Vec<usize> = trace.lines.iter().map(Vec::len).collect();
        assert_eq!(lengths, [2, 1, 2]);
    }

    #[test]
    fn lines_run_to_the_edges_and_not_beyond() {
        let points = series(&[(0, 0.0), (10, 10.0), (20, 0.0)]);
        let trace = reduce(points.clone(), window(5, 15), 100, 10 * SECOND);
        assert_eq!(trace.lines, [vec![(5 * SECOND, 5.0), (10 * SECOND, 10.0), (15 * SECOND, 5.0)]]);
        assert_eq!(trace.summary.unwrap().count, 1);
        let between = reduce(points, window(2, 4), 100, 10 * SECOND);
        assert_eq!(between.lines, [vec![(2 * SECOND, 2.0), (4 * SECOND, 4.0)]]);
        assert_eq!(between.summary, None);
    }

    #[test]
    fn a_clock_that_was_set_back_begins_a_new_line() {
        let points = series(&[(0, 1.0), (2, 1.0), (1, 7.0), (3, 2.0)]);
        let trace = reduce(points, window(0, 10), 1, 10 * SECOND);
        assert_eq!(trace.lines.len(), 2);
        assert_eq!(trace.summary.unwrap().last, 2.0);
    }

    #[test]
    fn how_often_it_comes_says_what_a_gap_is() {
        let every =
            |seconds: Micros| (0..100).map(move |n| Point { at: n * seconds * SECOND, value: 0.0, item: 0 });
        assert_eq!(gap_of(every(10)), 45 * SECOND);
        assert_eq!(gap_of(every(1)), LEAST_GAP);
        assert_eq!(gap_of(every(3_600)), 16_200 * SECOND);
        assert_eq!(gap_of(std::iter::empty()), LEAST_GAP);
    }
}
