//! The tree of fields of one frame, recorded while the decoder reads it.

mod buffers;
mod reading;

use meterscope_decoder::error::Problem;
use meterscope_decoder::link::FrameKind;
use meterscope_decoder::message::Message;
use meterscope_decoder::reading::{Reading, Value};
use meterscope_decoder::sink::{Buffer, Field, FieldSink, FieldValue, Node, Origin};
use meterscope_decoder::span::Span;

pub use buffers::{Numbering, OwnedBuffer, Place};
pub use reading::{OwnedReading, OwnedValue};

use crate::session::{ItemKind, Session};

/// The fields of a frame, every container in front of what it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The rows, in the order of the octets; those of a second buffer stand where it was opened.
    pub rows: Vec<Row>,
    /// The frame, and the second buffers that were opened, in that order.
    pub buffers: Vec<OwnedBuffer>,
    /// What is wrong with the frame.
    pub problems: Vec<OwnedProblem>,
    /// What the message says.
    pub readings: Vec<OwnedReading>,
    /// What the message says about itself.
    pub message: Option<Message>,
}

/// A container or a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is called.
    pub label: Label,
    /// How many containers it lies in.
    pub depth: usize,
    /// The innermost of them.
    pub parent: Option<usize>,
    /// The row after the last row it holds.
    pub end: usize,
    /// The octets, in `buffer`.
    pub span: Span,
    /// The buffer that `span` counts in, a place in [`Tree::buffers`].
    pub buffer: usize,
    /// What they say.
    pub value: RowValue,
    /// What they are there for.
    pub category: Category,
    /// The reading that they carry, a place in [`Tree::readings`].
    pub reading: Option<usize>,
}

/// One thing that is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnedProblem {
    /// What is wrong.
    pub problem: Problem,
    /// The buffer that its place counts in, a place in [`Tree::buffers`].
    pub buffer: usize,
}

/// What a row is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A container.
    Node(Node),
    /// A field, by the standard's term.
    Field(&'static str),
    /// A message that came without a link frame.
    Bare,
    /// The octets of an item that is no frame.
    Skipped,
    /// A second buffer.
    Buffer(Origin),
}

impl Label {
    const fn is_container(self) -> bool {
        matches!(self, Self::Node(_) | Self::Bare | Self::Buffer(_))
    }
}

/// What the octets of a row say. What depends on the language stays undecided until it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum RowValue {
    /// Nothing besides the octets.
    None,
    /// The octets themselves.
    Octets,
    /// Octets that were not understood.
    Undecoded,
    /// The same in all languages.
    Text(String),
    /// A code that means nothing known.
    UnknownCode(u32),
    /// A check sequence.
    Check {
        /// What the frame carries.
        received: u32,
        /// What its octets give.
        computed: u32,
    },
}

/// What octets are there for; decides how they are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Flags, start and stop octets, filling.
    Framing,
    /// Lengths, addresses, control fields and codes.
    Header,
    /// Check sums and check sequences.
    Check,
    /// What says how a value is coded or named: DIF, VIF, OBIS.
    Description,
    /// Values.
    Value,
    /// Dates and times.
    Time,
    /// What was not understood.
    Undecoded,
}

impl Category {
    /// The name that the style sheet uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Framing => "framing",
            Self::Header => "header",
            Self::Check => "check",
            Self::Description => "description",
            Self::Value => "value",
            Self::Time => "time",
            Self::Undecoded => "undecoded",
        }
    }
}

impl Tree {
    /// Reads the item with this number.
    pub fn of(session: &Session, number: usize) -> Self {
        let Some(item) = session.item(number) else { return Self::default() };
        let mut recorder = Recorder::new(session.octets_of(number));
        if let ItemKind::Skipped(_) = item.kind {
            recorder.push(
                Label::Skipped,
                Span::new(0, item.length),
                RowValue::Undecoded,
                Category::Undecoded,
            );
        }
        let bare = matches!(item.kind, ItemKind::Good(FrameKind::Llc | FrameKind::Apdu));
        if bare {
            recorder.begin(Label::Bare, 0);
        }
        let decoded = session.decode(number, &mut recorder);
        if bare {
            recorder.leave(item.length);
        }
        let mut tree = recorder.tree;
        tree.message = decoded.message;
        tree.attach_readings();
        tree
    }

    /// The field that holds an octet of a buffer.
    pub fn leaf_at(&self, buffer: usize, offset: u32) -> Option<usize> {
        let leaves = &self.buffers.get(buffer)?.leaves;
        let next = leaves.partition_point(|&leaf| self.span(leaf).start <= offset);
        let leaf = *leaves.get(next.checked_sub(1)?)?;
        self.span(leaf).contains(offset).then_some(leaf)
    }

    /// The octets of a row.
    pub fn octets_of(&self, row: usize) -> &[u8] {
        let Some(row) = self.rows.get(row) else { return &[] };
        let octets = self.buffers.get(row.buffer).map(|buffer| buffer.octets.as_slice()).unwrap_or_default();
        octets.get(row.span.start as usize..row.span.end as usize).unwrap_or_default()
    }

    /// The row that stands for a whole buffer.
    pub fn row_of_buffer(&self, buffer: usize) -> Option<usize> {
        self.rows.iter().position(|row| row.buffer == buffer)
    }

    /// Whether the row holds other rows.
    pub fn is_container(&self, row: usize) -> bool {
        self.rows.get(row).is_some_and(|row| row.label.is_container())
    }

    /// Whether a problem was seen in the octets of the row itself: not in those of a row within it.
    pub fn problem_of(&self, row: usize) -> Option<Problem> {
        let (span, buffer) = (self.span(row), self.rows.get(row)?.buffer);
        let leaf = !self.is_container(row);
        let found = self
            .problems
            .iter()
            .find(|found| leaf && found.buffer == buffer && span.contains(found.problem.at));
        found.map(|found| found.problem)
    }

    fn span(&self, row: usize) -> Span {
        self.rows.get(row).map_or(Span::new(0, 0), |row| row.span)
    }

    /// A reading belongs to the innermost row that holds all its octets.
    fn attach_readings(&mut self) {
        for (number, reading) in self.readings.iter().enumerate() {
            let (span, buffer) = (reading.span, reading.buffer);
            let Some(leaf) = self.leaf_at(buffer, span.start) else { continue };
            let mut row = Some(leaf);
            while let Some(at) = row {
                let Some(candidate) = self.rows.get_mut(at) else { break };
                if candidate.buffer != buffer {
                    break;
                }
                if candidate.span.start <= span.start && span.end <= candidate.span.end {
                    candidate.reading = candidate.reading.or(Some(number));
                    break;
                }
                row = candidate.parent;
            }
        }
    }
}

/// Turns what a parser reports into rows.
struct Recorder {
    tree: Tree,
    open: Vec<usize>,
    buffers: Numbering,
}

impl Recorder {
    fn new(frame: &[u8]) -> Self {
        let buffers = vec![OwnedBuffer::frame(frame)];
        Self { tree: Tree { buffers, ..Tree::default() }, open: Vec::new(), buffers: Numbering::default() }
    }

    fn push(&mut self, label: Label, span: Span, value: RowValue, category: Category) {
        let number = self.tree.rows.len();
        let buffer = self.buffers.current();
        if let Some(buffer) = self.tree.buffers.get_mut(buffer).filter(|_| !label.is_container()) {
            buffer.leaves.push(number);
        }
        self.tree.rows.push(Row {
            label,
            depth: self.open.len(),
            parent: self.open.last().copied(),
            end: number + 1,
            span,
            buffer,
            value,
            category,
            reading: None,
        });
    }

    fn begin(&mut self, label: Label, at: u32) {
        self.push(label, Span::new(at, at), RowValue::None, Category::Header);
        self.open.push(self.tree.rows.len() - 1);
    }

    /// The innermost container decides what a plain number or code is there for.
    fn context(&self) -> Category {
        for &row in self.open.iter().rev() {
            match self.tree.rows.get(row).map(|row| row.label) {
                Some(Label::Node(Node::DataInformation | Node::ValueInformation)) => {
                    return Category::Description;
                }
                Some(Label::Node(Node::Record(_) | Node::Structure(_) | Node::Array(_) | Node::Line)) => {
                    return Category::Value;
                }
                Some(Label::Node(Node::ApduTime)) => return Category::Time,
                _ => {}
            }
        }
        Category::Header
    }

    fn category(&self, value: &FieldValue<'_>) -> Category {
        match value {
            FieldValue::Marker => Category::Framing,
            FieldValue::Undecoded(_) => Category::Undecoded,
            FieldValue::Check { .. } => Category::Check,
            FieldValue::Dif(_) | FieldValue::Dife(_) | FieldValue::Obis(_) => Category::Description,
            FieldValue::Time(_) | FieldValue::Value(Value::Time(_), _) => Category::Time,
            // A code in front of a value says how it is coded: a DLMS data type.
            FieldValue::Code { .. } => match self.context() {
                Category::Value => Category::Description,
                context => context,
            },
            _ => self.context(),
        }
    }
}

impl FieldSink for Recorder {
    fn enter(&mut self, node: Node, at: u32) {
        self.begin(Label::Node(node), at);
    }

    fn field(&mut self, field: Field<'_>, span: Span) {
        let value = match field.value {
            FieldValue::Octets(_) => RowValue::Octets,
            FieldValue::Undecoded(_) => RowValue::Undecoded,
            FieldValue::Marker => RowValue::None,
            FieldValue::Check { received, computed } => RowValue::Check { received, computed },
            FieldValue::Code { code, meaning: "" } => RowValue::UnknownCode(code),
            other => RowValue::Text(printable(&other.to_string())),
        };
        self.push(Label::Field(field.name), span, value, self.category(&field.value));
    }

    fn leave(&mut self, at: u32) {
        let Some(number) = self.open.pop() else { return };
        let rows = self.tree.rows.len();
        if let Some(row) = self.tree.rows.get_mut(number) {
            row.span.end = at;
            row.end = rows;
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.tree.problems.push(OwnedProblem { problem, buffer: self.buffers.current() });
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.tree.readings.push(OwnedReading::new(reading, self.buffers.current()));
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        let within = self.buffers.current();
        // What was deciphered is the plaintext of the field before it.
        let source = self.tree.buffers.get(within).and_then(|buffer| {
            let is_text = |&&row: &&usize| {
                let label = self.tree.rows.get(row).map(|row| row.label);
                matches!(label, Some(Label::Field("ciphertext" | "text")))
            };
            buffer.leaves.iter().rev().find(is_text).copied()
        });
        let source = source.map_or(0, |row| self.tree.span(row).start);
        self.tree.buffers.push(OwnedBuffer::new(buffer, within, source));
        self.buffers.open();
        self.begin(Label::Buffer(buffer.origin), 0);
    }

    fn close(&mut self) {
        let buffer = self.tree.buffers.get(self.buffers.current());
        let length = buffer.map_or(0, |buffer| buffer.octets.len() as u32);
        self.leave(length);
        self.buffers.close();
    }
}

/// Control characters as the symbols that Unicode has for them, so that line ends are seen.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\0'..='\x1F' => char::from_u32(0x2400 + character as u32).unwrap_or(character),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: [u8; 5] = [0x10, 0x40, 0x01, 0x41, 0x16];

    #[test]
    fn leaves_tile_the_frame_and_every_octet_has_one() {
        let session = Session::new(&SHORT);
        let tree = Tree::of(&session, 0);
        let mut at = 0;
        for &leaf in &tree.buffers[0].leaves {
            assert_eq!(tree.span(leaf).start, at);
            at = tree.span(leaf).end;
        }
        assert_eq!(at, 5);
        for offset in 0..5 {
            let leaf = tree.leaf_at(0, offset).unwrap();
            assert!(tree.span(leaf).contains(offset) && !tree.is_container(leaf));
        }
        assert_eq!(tree.leaf_at(0, 5), None);
    }

    #[test]
    fn containers_span_what_they_hold() {
        let session = Session::new(&SHORT);
        let tree = Tree::of(&session, 0);
        let frame = &tree.rows[0];
        assert_eq!(frame.label, Label::Node(Node::MbusFrame));
        assert_eq!((frame.span, frame.end), (Span::new(0, 5), tree.rows.len()));
    }

    #[test]
    fn readings_belong_to_the_innermost_row() {
        let mut recorder = Recorder::new(&[]);
        recorder.enter(Node::Apdu, 0);
        recorder.enter(Node::Structure(1), 0);
        recorder.field(Field::number("structure", 1), Span::new(0, 2));
        recorder.field(Field::number("long-unsigned", 230), Span::new(2, 5));
        recorder.leave(5);
        recorder.reading(&Reading::empty(Span::new(2, 5)));
        recorder.reading(&Reading::empty(Span::new(0, 5)));
        recorder.leave(5);
        let mut tree = recorder.tree;
        tree.attach_readings();
        let readings: Vec<_> = tree.rows.iter().map(|row| row.reading).collect();
        assert_eq!(readings, [None, Some(1), None, Some(0)]);
    }

    #[test]
    fn skipped_octets_are_one_row() {
        let session = Session::new(&[0x55, 0xAA, 0x33]);
        let tree = Tree::of(&session, 0);
        assert_eq!(tree.rows.len(), 1);
        assert_eq!(tree.leaf_at(0, 2), Some(0));
    }

    #[test]
    fn line_ends_are_seen() {
        assert_eq!(printable("!\r\n"), "!␍␊");
    }
}
