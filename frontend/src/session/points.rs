//! The points of one series in a segment, and what stretches of them add up to: who looks at a whole day need not look at
//! every point of it.

use crate::source::Micros;

/// One value of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it was measured.
    pub at: Micros,
    /// What was measured.
    pub value: f64,
    /// The item that said so.
    pub item: usize,
}

/// A point that is drawn.
pub type Place = (Micros, f64);

/// What one point, or some that follow each other, add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// The first.
    pub first: Place,
    /// The lowest.
    pub min: Place,
    /// The highest.
    pub max: Place,
    /// The last.
    pub last: Place,
    /// How many there are.
    pub count: u32,
    /// The sum of their values.
    pub sum: f64,
}

impl From<Point> for Block {
    fn from(Point { at, value, .. }: Point) -> Self {
        let place = (at, value);
        Self { first: place, min: place, max: place, last: place, count: 1, sum: value }
    }
}

impl Block {
    /// Adds what comes after it.
    pub fn add(&mut self, later: &Self) {
        if later.min.1 < self.min.1 {
            self.min = later.min;
        }
        if later.max.1 > self.max.1 {
            self.max = later.max;
        }
        self.last = later.last;
        self.count += later.count;
        self.sum += later.sum;
    }
}

/// How many points a block has at most.
const BLOCK: u32 = 16;
/// Points that are further apart than this, and than twice the least distance, are not in one block: a plot may break its
/// line between them.
const APART: Micros = 10_000_000;

/// The points of one series, in the order of the octets: a clock that was set may go back.
#[derive(Clone, Debug, Default)]
pub struct Points {
    points: Vec<Point>,
    /// Over all points, in the same order.
    blocks: Vec<Block>,
    /// The least distance between two.
    least: Option<Micros>,
}

impl Points {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.points.len()
    }

    /// Adds one.
    pub fn push(&mut self, point: Point) {
        let block = Block::from(point);
        match self.blocks.last_mut() {
            Some(last) if last.count < BLOCK && is_near(last.last.0, point.at, &mut self.least) => {
                last.add(&block)
            }
            _ => self.blocks.push(block),
        }
        self.points.push(point);
    }

    /// Those from one time up to another.
    pub fn between(&self, from: Micros, to: Micros) -> impl DoubleEndedIterator<Item = Point> {
        self.points.iter().copied().filter(move |point| (from..=to).contains(&point.at))
    }

    /// The same in blocks: those that last no longer than `longest` and lie between the times as a whole; of the others
    /// each point.
    pub fn blocks(&self, from: Micros, to: Micros, longest: Micros) -> impl Iterator<Item = Block> {
        let mut rest = &self.points[..];
        self.blocks.iter().flat_map(move |block| {
            let own = rest.split_off(..block.count as usize).unwrap_or_default();
            let is_inside = block.first.0 >= from && block.last.0 <= to;
            let whole = is_inside && block.last.0 - block.first.0 <= longest;
            let is_outside = block.last.0 < from || block.first.0 > to;
            let points = if whole || is_outside { &[] } else { own };
            let points = points.iter().filter(move |point| (from..=to).contains(&point.at));
            whole.then_some(*block).into_iter().chain(points.copied().map(Block::from))
        })
    }
}

/// Whether a moment follows another closely enough.
fn is_near(before: Micros, at: Micros, least: &mut Option<Micros>) -> bool {
    let Some(distance) = at.checked_sub(before) else { return false };
    let least = *least.insert(least.map_or(distance, |least| least.min(distance)));
    distance <= APART.max(2 * least)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Micros = 1_000_000;

    /// Two seconds apart, with a pause after the hundredth.
    fn points() -> Points {
        let mut points = Points::default();
        for item in 0..200 {
            let at = item as Micros * 2 * SECOND + if item < 100 { 0 } else { 3_600 * SECOND };
            points.push(Point { at, value: f64::from((item % 13) as u32), item });
        }
        points
    }

    #[test]
    fn blocks_add_up_to_the_points_between() {
        let points = points();
        for (from, to, longest) in
            [(0, Micros::MAX, 60 * SECOND), (30 * SECOND, 3_700 * SECOND, 60 * SECOND), (0, 90 * SECOND, 0)]
        {
            let blocks: Vec<Block> = points.blocks(from, to, longest).collect();
            let between: Vec<Point> = points.between(from, to).collect();
            let count: u32 = blocks.iter().map(|block| block.count).sum();
            assert_eq!(count as usize, between.len());
            let sum: f64 = blocks.iter().map(|block| block.sum).sum();
            assert!((sum - between.iter().map(|point| point.value).sum::<f64>()).abs() < 1e-9);
            assert_eq!(blocks.first().map(|block| block.first.0), between.first().map(|point| point.at));
            assert_eq!(blocks.last().map(|block| block.last.0), between.last().map(|point| point.at));
        }
        assert!(points.blocks(0, Micros::MAX, 60 * SECOND).count() < 20);
        assert_eq!(points.blocks(0, Micros::MAX, 0).count(), 200);
    }

    #[test]
    fn no_block_goes_over_a_pause_or_back_in_time() {
        let mut points = points();
        points.push(Point { at: 5, value: 1.0, item: 200 });
        let blocks = points.blocks(0, Micros::MAX, Micros::MAX);
        assert!(blocks.into_iter().all(|block| block.last.0 - block.first.0 <= 30 * SECOND));
    }
}
