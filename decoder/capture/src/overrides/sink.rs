//! Changes readings on their way to whoever wants to see them.

use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::error::Problem;
use meterscope_decoder::reading::{Beside, Note, Quantity, Reading, Scale, ScaleSource, Value};
use meterscope_decoder::sink::{Buffer, Field, FieldSink, Node};
use meterscope_decoder::span::Span;
use meterscope_decoder::text::Text;

use super::Overrides;
use super::rule::{Place, Rule};

impl Overrides {
    /// A sink that hands everything on to `inner`, and readings as the rules have them. Make one for every frame.
    pub fn sink<S: FieldSink>(&self, inner: S) -> Overridden<'_, S> {
        let wants_places = self.rules.iter().any(|rule| matches!(rule.place, Place::Element(_)));
        Overridden { rules: &self.rules, inner, wants_places, list: String::new(), body: Body::default() }
    }
}

/// See [`Overrides::sink`].
#[derive(Debug)]
pub struct Overridden<'r, S> {
    rules: &'r [Rule],
    inner: S,
    wants_places: bool,
    /// The name of the list, as far as it has been read.
    list: String,
    body: Body,
}

/// The outermost structure or array of a message.
#[derive(Debug, Default)]
struct Body {
    /// How many containers are open.
    depth: u32,
    /// How many were when the list began, and where that was; none before it.
    list: Option<(u32, u32)>,
    elements: u32,
    /// Where its elements begin.
    starts: Vec<u32>,
}

impl Body {
    fn enter(&mut self, node: Node, at: u32) {
        self.element(at);
        if let (None, Node::Structure(elements) | Node::Array(elements)) = (self.list, node) {
            self.list = Some((self.depth, at));
            self.elements = elements.into();
        }
        self.depth += 1;
    }

    /// A field or container begins. The first of the list's own fields is its tag and length.
    fn element(&mut self, at: u32) {
        if self.list.is_some_and(|(depth, start)| self.depth == depth + 1 && at > start) {
            self.starts.push(at);
        }
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Which element holds the octets, counted from 1.
    fn place(&self, span: Span) -> usize {
        self.starts.partition_point(|&start| start <= span.start)
    }
}

impl<S: FieldSink> FieldSink for Overridden<'_, S> {
    fn wants_fields(&self) -> bool {
        self.wants_places || self.inner.wants_fields()
    }

    fn enter(&mut self, node: Node, at: u32) {
        // A capture has many messages, a joined one lies in a buffer of its own.
        if matches!(node, Node::Apdu | Node::P1Telegram) {
            self.list.clear();
            self.body = Body::default();
        }
        self.body.enter(node, at);
        self.inner.enter(node, at);
    }

    fn field(&mut self, field: Field<'_>, span: Span) {
        self.body.element(span.start);
        if self.inner.wants_fields() {
            self.inner.field(field, span);
        }
    }

    fn leave(&mut self, at: u32) {
        self.body.leave();
        self.inner.leave(at);
    }

    fn problem(&mut self, problem: Problem) {
        self.inner.problem(problem);
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        self.inner.open(buffer);
    }

    fn close(&mut self) {
        self.inner.close();
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        if let (Quantity::ListVersion, Value::Text(text)) = (reading.quantity, &reading.value) {
            self.list = text.to_string();
        }
        // M-Bus records say all that these rules can change.
        if reading.record.is_some() {
            return self.inner.reading(reading);
        }
        let place = self.body.place(reading.span);
        let fits = |rule: &&Rule| {
            rule.list.fits(&self.list)
                && rule.elements.is_none_or(|elements| elements == self.body.elements)
                && match rule.place {
                    Place::Object(obis) => reading.obis == Some(obis),
                    Place::Element(number) => number == place,
                }
        };
        let mut changed = *reading;
        let mut beside = reading.beside.copied().unwrap_or_default();
        let mut rules = self.rules.iter().filter(fits).peekable();
        if rules.peek().is_none() {
            return self.inner.reading(reading);
        }
        for rule in rules {
            if let Some(name) = &rule.name {
                beside.label = Some(Text::forward(name.as_bytes()));
            }
            rescale(&mut changed, rule);
        }
        let changed = Reading { beside: Some(&beside as &Beside<'_>), ..changed };
        self.inner.reading(&changed);
    }
}

/// Sets unit and scale. A value that is no number has neither.
fn rescale(reading: &mut Reading<'_>, rule: &Rule) {
    let Some(raw) = reading.raw else { return };
    if rule.unit.is_none() && rule.scaler.is_none() {
        return;
    }
    let (unit, prefix) = rule.unit.unwrap_or((reading.unit, 0));
    // A unit alone leaves the scale as it was, which is that of the unit without its prefix.
    let exponent = match rule.scaler {
        Some(scaler) => scaler.saturating_add(prefix),
        None if reading.scale.source == ScaleSource::None => prefix,
        None => reading.scale.exponent,
    };
    reading.unit = unit;
    reading.scale = Scale { exponent, source: ScaleSource::Override };
    reading.value = Value::Number(Decimal::scaled(raw, exponent));
    if matches!(reading.note, Some(Note::ScaleUnknown | Note::UnknownUnit)) {
        reading.note = None;
    }
    if reading.quantity == Quantity::Unknown {
        reading.quantity = Quantity::of_unit(unit);
    }
}
