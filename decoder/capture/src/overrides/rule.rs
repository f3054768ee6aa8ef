//! One line of the file: which readings it is about, and what it changes.

use meterscope_decoder::application::p1;
use meterscope_decoder::obis::Obis;
use meterscope_decoder::reading::Unit;

use super::Fault;

/// Which readings, and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub list: ListName,
    pub elements: Option<u32>,
    pub place: Place,
    pub name: Option<String>,
    /// The unit, and the power of ten of its prefix.
    pub unit: Option<(Unit, i8)>,
    pub scaler: Option<i8>,
}

/// Which lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListName {
    /// Those of this name; the empty name is that of lists without one.
    Exactly(String),
    BeginsWith(String),
}

/// Which of their elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Object(Obis),
    /// Counted from 1.
    Element(usize),
}

impl ListName {
    fn new(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(begin) => Self::BeginsWith(begin.to_owned()),
            None => Self::Exactly(text.to_owned()),
        }
    }

    pub fn fits(&self, name: &str) -> bool {
        match self {
            Self::Exactly(wanted) => name == wanted,
            Self::BeginsWith(begin) => name.starts_with(begin),
        }
    }
}

/// Which column is what.
pub(super) struct Headings {
    columns: Vec<Column>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    List,
    Elements,
    Place,
    Name,
    Unit,
    Scaler,
}

impl Headings {
    pub fn new(fields: &[String]) -> Result<Self, Fault> {
        let columns = fields.iter().map(|field| {
            Ok(match field.to_ascii_lowercase().as_str() {
                "list" => Column::List,
                "elements" => Column::Elements,
                "place" => Column::Place,
                "name" => Column::Name,
                "unit" => Column::Unit,
                "scaler" => Column::Scaler,
                _ => return Err(Fault::UnknownHeading(field.clone())),
            })
        });
        let columns: Vec<Column> = columns.collect::<Result<_, _>>()?;
        for (wanted, name) in [(Column::List, "list"), (Column::Place, "place")] {
            if !columns.contains(&wanted) {
                return Err(Fault::MissingHeading(name));
            }
        }
        Ok(Self { columns })
    }

    pub fn rule(&self, fields: &[String]) -> Result<Rule, Fault> {
        if fields.iter().skip(self.columns.len()).any(|field| !field.is_empty()) {
            return Err(Fault::TooManyFields);
        }
        let field = |wanted| {
            let found = self.columns.iter().zip(fields).find(|(column, _)| **column == wanted);
            found.map_or("", |(_, field)| field.as_str())
        };
        let given = |wanted| Some(field(wanted)).filter(|text| !text.is_empty());
        let elements = given(Column::Elements)
            .map(|text| text.parse().map_err(|_| Fault::BadElements(text.to_owned())))
            .transpose()?;
        let unit = given(Column::Unit)
            .map(|text| Unit::from_symbol(text.as_bytes()).ok_or_else(|| Fault::UnknownUnit(text.to_owned())))
            .transpose()?;
        let scaler = given(Column::Scaler)
            .map(|text| text.parse().map_err(|_| Fault::BadScaler(text.to_owned())))
            .transpose()?;
        let name = given(Column::Name).map(str::to_owned);
        if name.is_none() && unit.is_none() && scaler.is_none() {
            return Err(Fault::NothingToChange);
        }
        let place = field(Column::Place);
        Ok(Rule {
            list: ListName::new(field(Column::List)),
            elements,
            place: parse_place(place).ok_or_else(|| Fault::BadPlace(place.to_owned()))?,
            name,
            unit,
            scaler,
        })
    }
}

fn parse_place(text: &str) -> Option<Place> {
    match text.parse() {
        Ok(0) => None,
        Ok(number) => Some(Place::Element(number)),
        // An object needs its medium and channel here: 1.8.0 alone may be that of several.
        Err(_) if text.contains(':') => p1::parse_obis(text.as_bytes()).map(Place::Object),
        Err(_) => None,
    }
}
