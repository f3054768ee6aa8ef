//! What is drawn of many points, compared with all of them.
#![allow(clippy::float_cmp, reason = "what is compared was copied, not computed")]

use super::*;

fn series(values: &[(Micros, f64)]) -> Vec<Point> {
    let point =
        |(item, &(second, value)): (usize, &(Micros, f64))| Point { at: second * SECOND, value, item };
    values.iter().enumerate().map(point).collect()
}

/// Reduces points each of which is a block of its own.
fn reduce_points(points: &[Point], window: Window, columns: usize, gap: Micros) -> Trace {
    reduce(points.iter().copied().map(Block::from), points.iter().copied(), window, columns, gap)
}

fn window(from: Micros, to: Micros) -> Window {
    Window { from: from * SECOND, to: to * SECOND }
}

#[test]
fn one_spike_in_a_day_is_drawn_on_any_screen() {
    const POINTS: usize = 43_200;
    let point = |item| {
        let value = if item == 31_234 { 9_000.0 } else { f64::from((item % 7) as u32) };
        Point { at: item as Micros * 2 * SECOND, value, item }
    };
    let points: Vec<Point> = (0..POINTS).map(point).collect();
    for columns in [1, 300, 1_400, 5_000] {
        let trace = reduce_points(&points, window(0, 86_400), columns, 10 * SECOND);
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
    let trace = reduce_points(&points, window(0, 10), 1_000, 5 * SECOND);
    assert_eq!(trace.lines, [vec![(0, 1.0), (2 * SECOND, 5.0), (4 * SECOND, 3.0)]]);
}

#[test]
fn a_gap_breaks_the_line_and_a_lone_point_is_a_dot() {
    let points = series(&[(0, 1.0), (2, 1.0), (60, 7.0), (100, 2.0), (102, 2.0)]);
    let trace = reduce_points(&points, window(0, 102), 1_000, 10 * SECOND);
    let lengths: Vec<usize> = trace.lines.iter().map(Vec::len).collect();
    assert_eq!(lengths, [2, 1, 2]);
}

#[test]
fn lines_run_to_the_edges_and_not_beyond() {
    let points = series(&[(0, 0.0), (10, 10.0), (20, 0.0)]);
    let trace = reduce_points(&points, window(5, 15), 100, 10 * SECOND);
    assert_eq!(trace.lines, [vec![(5 * SECOND, 5.0), (10 * SECOND, 10.0), (15 * SECOND, 5.0)]]);
    assert_eq!(trace.summary.unwrap().count, 1);
    let between = reduce_points(&points, window(2, 4), 100, 10 * SECOND);
    assert_eq!(between.lines, [vec![(2 * SECOND, 2.0), (4 * SECOND, 4.0)]]);
    assert_eq!(between.summary, None);
}

#[test]
fn a_clock_that_was_set_back_begins_a_new_line() {
    let points = series(&[(0, 1.0), (2, 1.0), (1, 7.0), (3, 2.0)]);
    let trace = reduce_points(&points, window(0, 10), 1, 10 * SECOND);
    assert_eq!(trace.lines.len(), 2);
    assert_eq!(trace.summary.unwrap().last, 2.0);
}

#[test]
fn how_often_it_comes_says_what_a_gap_is() {
    let every = |seconds: Micros| (0..100).map(move |n| (n * seconds, 0.0)).collect::<Vec<_>>();
    let gap = |values: &[(Micros, f64)]| {
        let points = series(values);
        gap_of(points.iter().copied(), points.iter().rev().copied())
    };
    assert_eq!(gap(&every(10)), 45 * SECOND);
    assert_eq!(gap(&every(1)), 4_500_000);
    assert_eq!(gap(&every(3_600)), 16_200 * SECOND);
    assert_eq!(gap(&[]), UNTOLD_GAP);
    assert_eq!(gap(&[(7, 0.0), (7, 0.0)]), UNTOLD_GAP);
    // A pause between few points, two lists at a time, and a meter that came to be read less often.
    assert_eq!(gap(&[(0, 0.0), (2, 0.0), (60, 0.0)]), 9 * SECOND);
    let pairs: Vec<_> = (0..200).map(|n| (n / 2 * 10 + n % 2, 0.0)).collect();
    assert_eq!(gap(&pairs), 40_500_000);
    let slower: Vec<_> = every(2).into_iter().chain((1..100).map(|n| (200 + n * 30, 0.0))).collect();
    assert_eq!(gap(&slower), 135 * SECOND);
}

/// Numbers without a pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    /// A value of one of these shapes: constant, square, ramp, noise, a spike now and then.
    fn value(&mut self, shape: u64, number: u64) -> f64 {
        let value = match shape {
            0 => 7,
            1 => number / 37 % 2 * 1_000,
            2 => number,
            3 => self.below(1_000),
            _ => u64::from(self.below(50) == 0) * 9_000,
        };
        value as f64
    }

    /// The same in blocks as a session has them: of one point to sixteen, and none longer than `longest` as a whole.
    fn blocks(&mut self, points: &[Point], longest: Micros) -> Vec<Block> {
        let (mut rest, mut blocks) = (points, Vec::new());
        while !rest.is_empty() {
            let count = if self.below(3) == 0 { 1 + self.below(16) } else { 16 };
            let own = rest.split_off(..rest.len().min(count as usize)).unwrap_or_default();
            let whole = own.iter().copied().map(Block::from).reduce(|mut all, block| {
                all.add(&block);
                all
            });
            match whole {
                Some(block) if block.last.0 - block.first.0 <= longest => blocks.push(block),
                _ => blocks.extend(own.iter().copied().map(Block::from)),
            }
        }
        blocks
    }
}

/// Of all points that fall on one column and on one line, which are lowest and highest, and how far they reach: worked out
/// point by point, without blocks.
fn all_columns(points: &[Point], window: Window, columns: usize, gap: Micros) -> Vec<(usize, Vec<Point>)> {
    let per_column = (window.width() as f64 / columns as f64).max(1.0);
    let column = |point: &Point| ((point.at - window.from) as f64 / per_column) as u32;
    let (mut line, mut groups, mut before) = (0, Vec::<(usize, Vec<Point>)>::new(), None::<Point>);
    for point in points {
        let is_gap = before.is_some_and(|before| point.at - before.at > gap);
        line += usize::from(is_gap);
        match groups.last_mut() {
            Some((_, group)) if !is_gap && column(&group[0]) == column(point) => group.push(*point),
            _ => groups.push((line, vec![*point])),
        }
        before = Some(*point);
    }
    groups
}

/// Whether `trace` has the first, the lowest, the highest and the last point of every column, and nothing else.
fn assert_same(trace: &Trace, groups: &[(usize, Vec<Point>)], case: &str) {
    let mut lines = vec![0; trace.lines.len()];
    for (line, group) in groups {
        let (from, to) = (group[0].at, group[group.len() - 1].at);
        let start = lines[*line];
        let drawn: Vec<Place> =
            trace.lines[*line][start..].iter().copied().take_while(|place| place.0 <= to).collect();
        lines[*line] += drawn.len();
        assert!(drawn.len() <= 4 && drawn.first().is_some_and(|place| place.0 == from), "{case}: {drawn:?}");
        assert_eq!(drawn.last(), group.last().map(|point| (point.at, point.value)).as_ref(), "{case}");
        let ends = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::MAX, f64::MIN), |(min, max), value| (value.min(min), value.max(max)))
        };
        let all = ends(&mut group.iter().map(|point| point.value));
        assert_eq!(ends(&mut drawn.iter().map(|place| place.1)), all, "{case}");
    }
    assert!(trace.lines.iter().zip(lines).all(|(line, used)| line.len() == used), "{case}");
}

/// A series of any interval and shape, at any zoom, with blocks cut anywhere: one line where no point is missing, two where
/// some are, and in every column the same as if all points had been looked at.
#[test]
fn a_line_breaks_where_points_are_missing_and_nowhere_else() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..1_500 {
        let interval = [1, 900, 1_000_000, 2_000_000, 10_000_000, 900_000_000, 3_600_000_000]
            [dice.below(7) as usize]
            + dice.below(100);
        let (count, shape, start) = (3 + dice.below(2_000), dice.below(5), dice.below(1 << 50));
        let hole = (dice.below(2) == 0).then(|| (2 + dice.below(count - 2), 4 + dice.below(20)));
        let point = |number: u64| {
            let missing = hole.filter(|hole| number >= hole.0).map_or(0, |hole| hole.1);
            let value = dice.value(shape, number);
            Point { at: start + (number + missing) * interval, value, item: number as usize }
        };
        let points: Vec<Point> = (0..count).map(point).collect();
        let gap = gap_of(points.iter().copied(), points.iter().rev().copied());
        // Either all of it, or what lies between two of its points.
        let (first, last) = (dice.below(count) as usize, dice.below(count) as usize);
        let (first, last) =
            if round % 2 == 0 { (0, points.len() - 1) } else { (first.min(last), first.max(last)) };
        let seen = &points[first..=last];
        let window = Window { from: seen[0].at, to: seen[seen.len() - 1].at };
        let columns = 1 + dice.below(if round % 3 == 0 { 20 } else { 2_000 }) as usize;
        let blocks = dice.blocks(seen, longest_block(window, columns));

        let trace = reduce(blocks.into_iter(), seen.iter().copied(), window, columns, gap);

        let case = format!("round {round}: every {interval} us, {count}, hole {hole:?}, {columns} columns");
        let is_broken = hole.is_some_and(|hole| (first + 1..=last).contains(&(hole.0 as usize)));
        assert_eq!(trace.lines.len(), if is_broken { 2 } else { 1 }, "{case}");
        assert_same(&trace, &all_columns(seen, window, columns, gap), &case);
        assert_eq!(trace.summary.unwrap().count, seen.len() as u64, "{case}");
    }
}
