//! The items of a session and their octets, in segments: a session that grows shares all of them but the last with the one
//! it grew from, and a session that grows for weeks drops the first.

use std::rc::Rc;

use meterscope_decoder::error::Problem;
use meterscope_decoder::link::{FrameKind, SkipReason};

use super::points::{Block, Point, Points};
use crate::source::Micros;

/// A segment ends behind the first item that fills it so far.
pub const FULL_OCTETS: usize = 1 << 16;
const FULL_ITEMS: usize = 1 << 10;
/// What a live session holds in memory at most; the recording of a live one holds the rest.
const MOST_HELD_OCTETS: usize = 96 << 20;

/// Where an item lies and how it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexedItem {
    /// The first octet, counted from the start of the capture.
    pub offset: u64,
    /// How many octets.
    pub length: u32,
    /// When its first octet was recorded.
    pub at: Option<Micros>,
    /// What it is.
    pub kind: ItemKind,
    /// The first problem found in it.
    pub problem: Option<Problem>,
    /// Whether the problem's place counts from the item's first octet, and not in joined or deciphered octets.
    pub problem_in_frame: bool,
    /// Readings that its message gave.
    pub readings: u16,
    /// How many frames before this one its message began.
    pub frames_back: u32,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A frame whose check sequences are right.
    Good(FrameKind),
    /// A frame that is damaged.
    Damaged(FrameKind),
    /// Octets that belong to no frame.
    Skipped(SkipReason),
}

impl IndexedItem {
    /// Whether somebody who looks for faults wants to see it: all but good frames without a problem and resting lines.
    pub const fn is_bad(&self) -> bool {
        match self.kind {
            ItemKind::Good(_) => self.problem.is_some(),
            ItemKind::Damaged(_) => true,
            ItemKind::Skipped(reason) => !matches!(reason, SkipReason::Idle),
        }
    }
}

/// All items, in order.
#[derive(Clone, Debug)]
pub struct Segments {
    /// All but the last are complete; the last is copied before it changes, if anybody else looks at it.
    list: Vec<Rc<Segment>>,
    /// What they cost, and what they may.
    held: usize,
    most_held: usize,
    dropped: u64,
}

impl Default for Segments {
    fn default() -> Self {
        Self { list: Vec::new(), held: 0, most_held: usize::MAX, dropped: 0 }
    }
}

#[derive(Clone, Debug, Default)]
struct Segment {
    /// The number of its first item, its first octet, and how many bad items there are before it.
    first_item: usize,
    first_octet: u64,
    first_bad: usize,
    octets: Vec<u8>,
    items: Vec<IndexedItem>,
    /// The numbers of the items that are bad.
    bad: Vec<usize>,
    /// The points of each series.
    series: Vec<Points>,
    earliest: Micros,
    latest: Micros,
}

impl Segment {
    /// What it costs to hold it, about.
    fn held(&self) -> usize {
        let points: usize = self.series.iter().map(Points::len).sum();
        self.octets.len() + self.items.len() * size_of::<IndexedItem>() + points * size_of::<Point>()
    }

    fn end_item(&self) -> usize {
        self.first_item + self.items.len()
    }

    fn end_octet(&self) -> u64 {
        self.first_octet + self.octets.len() as u64
    }
}

impl Segments {
    /// Of a session that may grow for weeks.
    pub fn bounded() -> Self {
        Self { most_held: MOST_HELD_OCTETS, ..Self::default() }
    }

    /// The number of the first item that is still held.
    pub fn first_item(&self) -> usize {
        self.list.first().map_or(0, |segment| segment.first_item)
    }

    /// The number after the last item.
    pub fn end_item(&self) -> usize {
        self.list.last().map_or(0, |segment| segment.end_item())
    }

    /// How many octets are no longer held.
    pub fn dropped_octets(&self) -> u64 {
        self.dropped
    }

    /// No items, but the next one has the number that the first of these has.
    pub fn emptied(&self) -> Self {
        let Some(first) = self.list.first() else { return Self::default() };
        let open = Segment {
            first_item: first.first_item,
            first_octet: first.first_octet,
            first_bad: first.first_bad,
            ..Segment::default()
        };
        Self { list: vec![Rc::new(open)], held: 0, most_held: self.most_held, dropped: self.dropped }
    }

    /// The item with this number, if it is held.
    pub fn item(&self, number: usize) -> Option<&IndexedItem> {
        let segment = self.segment_of(number)?;
        segment.items.get(number.checked_sub(segment.first_item)?)
    }

    /// The octets of the item with this number; none when it is not held.
    pub fn octets_of(&self, number: usize) -> &[u8] {
        let octets = || {
            let segment = self.segment_of(number)?;
            let item = segment.items.get(number.checked_sub(segment.first_item)?)?;
            let start = item.offset.checked_sub(segment.first_octet)? as usize;
            segment.octets.get(start..start + item.length as usize)
        };
        octets().unwrap_or_default()
    }

    /// All octets that are held, piece by piece.
    pub fn octets(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.list.iter().map(|segment| segment.octets.as_slice())
    }

    /// All items that are held, in order.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (usize, &IndexedItem)> {
        self.list.iter().flat_map(|segment| {
            segment.items.iter().enumerate().map(|(place, item)| (segment.first_item + place, item))
        })
    }

    /// How many of the items that are held are bad.
    pub fn bad_len(&self) -> usize {
        self.list.last().map_or(0, |segment| segment.first_bad + segment.bad.len()) - self.bad_dropped()
    }

    /// The number of the bad item in this place among those that are held.
    pub fn bad_at(&self, position: usize) -> Option<usize> {
        let position = position + self.bad_dropped();
        let after = self.list.partition_point(|segment| segment.first_bad <= position);
        let segment = self.list.get(after.checked_sub(1)?)?;
        segment.bad.get(position - segment.first_bad).copied()
    }

    /// How many bad items stand before the item with this number.
    pub fn bad_before(&self, number: usize) -> usize {
        let segment = self.segment_of(number).or_else(|| self.list.last().map(|last| &**last));
        segment.map_or(0, |segment| {
            segment.first_bad + segment.bad.partition_point(|&bad| bad < number) - self.bad_dropped()
        })
    }

    /// The points of a series from one time up to another, in the order of the octets.
    pub fn points(&self, series: usize, from: Micros, to: Micros) -> impl DoubleEndedIterator<Item = Point> {
        self.series(series, from, to).flat_map(move |points| points.between(from, to))
    }

    /// The same in blocks of at most `longest`.
    pub fn blocks(
        &self,
        series: usize,
        from: Micros,
        to: Micros,
        longest: Micros,
    ) -> impl Iterator<Item = Block> {
        self.series(series, from, to).flat_map(move |points| points.blocks(from, to, longest))
    }

    /// The points of a series in the segments that have any between two times.
    fn series(&self, series: usize, from: Micros, to: Micros) -> impl DoubleEndedIterator<Item = &Points> {
        let meets = move |segment: &&Rc<Segment>| segment.earliest <= to && segment.latest >= from;
        self.list.iter().filter(meets).filter_map(move |segment| segment.series.get(series))
    }

    /// The earliest and the latest time of all points that are held.
    pub fn span(&self) -> Option<(Micros, Micros)> {
        let with_points = self.list.iter().filter(|segment| !segment.series.is_empty());
        let spans = with_points.map(|segment| (segment.earliest, segment.latest));
        spans.reduce(|all, span| (all.0.min(span.0), all.1.max(span.1)))
    }

    /// Adds octets, which belong to no item yet.
    pub fn push_octets(&mut self, octets: &[u8]) {
        self.held += octets.len();
        self.open().octets.extend_from_slice(octets);
    }

    /// The octets that belong to no item yet.
    pub fn pending(&self) -> &[u8] {
        let pending = || {
            let segment = self.list.last()?;
            let at =
                segment.items.last().map_or(segment.first_octet, |item| item.offset + item.length as u64);
            segment.octets.get((at - segment.first_octet) as usize..)
        };
        pending().unwrap_or_default()
    }

    /// Where the next item begins.
    pub fn next_offset(&self) -> u64 {
        self.list.last().map_or(0, |segment| segment.end_octet()) - self.pending().len() as u64
    }

    /// Adds an item of octets that were pushed, and gives its number.
    pub fn push_item(&mut self, item: IndexedItem) -> usize {
        self.held += size_of::<IndexedItem>();
        let segment = self.open();
        let number = segment.end_item();
        if item.is_bad() {
            segment.bad.push(number);
        }
        segment.items.push(item);
        number
    }

    /// The last item, to be made longer: what is skipped for one reason is one item.
    pub fn last_mut(&mut self) -> Option<&mut IndexedItem> {
        let is_there = self.list.last().is_some_and(|segment| !segment.items.is_empty());
        if is_there { self.open().items.last_mut() } else { None }
    }

    /// Adds a point of a series.
    pub fn push_point(&mut self, series: usize, point: Point) {
        self.held += size_of::<Point>();
        let segment = self.open();
        let is_first = segment.series.is_empty();
        segment.earliest = if is_first { point.at } else { segment.earliest.min(point.at) };
        segment.latest = if is_first { point.at } else { segment.latest.max(point.at) };
        if segment.series.len() <= series {
            segment.series.resize_with(series + 1, Points::default);
        }
        if let Some(points) = segment.series.get_mut(series) {
            points.push(point);
        }
    }

    /// Begins a new segment where the last is full, and drops the first where there are too many.
    pub fn tidy(&mut self) {
        let Some(last) = self.list.last() else { return };
        if last.octets.len() < FULL_OCTETS && last.items.len() < FULL_ITEMS {
            return;
        }
        let pending = self.pending().to_vec();
        let last = self.open();
        last.octets.truncate(last.octets.len() - pending.len());
        let next = Segment {
            first_item: last.end_item(),
            first_octet: last.end_octet(),
            first_bad: last.first_bad + last.bad.len(),
            octets: pending,
            ..Segment::default()
        };
        self.list.push(Rc::new(next));
        while self.held > self.most_held && self.list.len() > 2 {
            let first = self.list.remove(0);
            self.held = self.held.saturating_sub(first.held());
            self.dropped += first.octets.len() as u64;
        }
    }

    fn open(&mut self) -> &mut Segment {
        if self.list.is_empty() {
            self.list.push(Rc::default());
        }
        let last = self.list.len() - 1;
        Rc::make_mut(&mut self.list[last])
    }

    fn bad_dropped(&self) -> usize {
        self.list.first().map_or(0, |segment| segment.first_bad)
    }

    fn segment_of(&self, number: usize) -> Option<&Segment> {
        let after = self.list.partition_point(|segment| segment.first_item <= number);
        let segment = self.list.get(after.checked_sub(1)?)?;
        (number < segment.end_item()).then_some(&**segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items of ten octets, of which every third is bad, with a point each.
    fn grow(segments: &mut Segments, items: usize) {
        for _ in 0..items {
            let number = segments.end_item();
            let kind = if number.is_multiple_of(3) { FrameKind::Hdlc } else { FrameKind::P1 };
            let kind = if number.is_multiple_of(3) { ItemKind::Damaged(kind) } else { ItemKind::Good(kind) };
            let offset = segments.next_offset();
            segments.push_octets(&[number as u8; 10]);
            segments.push_item(IndexedItem {
                offset,
                length: 10,
                at: Some(number as u64),
                kind,
                problem: None,
                problem_in_frame: true,
                readings: 1,
                frames_back: 0,
            });
            segments
                .push_point(0, Point { at: number as u64, value: f64::from(number as u32), item: number });
            segments.tidy();
        }
    }

    #[test]
    fn items_are_found_across_segments() {
        let mut segments = Segments::default();
        grow(&mut segments, 5000);
        assert!(segments.list.len() > 4);
        for number in [0, 1023, 1024, 4999] {
            assert_eq!(segments.item(number).unwrap().offset, 10 * number as u64);
            assert_eq!(segments.octets_of(number), [number as u8; 10]);
        }
        assert_eq!(segments.item(5000), None);
        assert!(segments.octets_of(5000).is_empty());
        assert_eq!(segments.bad_len(), 1667);
        assert_eq!(segments.bad_at(1666), Some(4998));
        assert_eq!(segments.bad_at(1667), None);
        assert_eq!(segments.bad_before(4998), 1666);
        let points: Vec<usize> = segments.points(0, 1000, 1050).map(|point| point.item).collect();
        assert_eq!(points, (1000..=1050).collect::<Vec<_>>());
    }

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut segments = Segments::default();
        grow(&mut segments, 1500);
        let copy = segments.clone();
        grow(&mut segments, 1500);
        assert_eq!((copy.end_item(), segments.end_item()), (1500, 3000));
        assert!(Rc::ptr_eq(&copy.list[0], &segments.list[0]));
    }

    #[test]
    fn the_first_are_dropped_and_the_others_keep_their_numbers() {
        let mut segments = Segments { most_held: 400_000, ..Segments::default() };
        grow(&mut segments, 20_000);
        let first = segments.first_item();
        assert!(first > 10_000 && segments.held <= 400_000 + 300_000, "{first} {}", segments.held);
        assert_eq!(segments.dropped_octets(), 10 * first as u64);
        assert_eq!(segments.item(first - 1), None);
        assert_eq!(segments.item(19_999).unwrap().offset, 199_990);
        let bad = segments.bad_at(0).unwrap();
        assert!(bad >= first && bad.is_multiple_of(3));
        assert_eq!(segments.bad_before(bad), 0);
        assert_eq!(segments.items().count(), 20_000 - first);
    }
}
