//! What stands in and around a plot.

use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::message::Meter;
use meterscope_decoder::reading::Unit;

use super::readings::{prefix, unit_symbol, with_prefix};
use super::{Language, Plural, Text, fill};
use crate::cards::{Card, Key, MeterKey};
use crate::plot::number;
use crate::plot::ticks::{Shows, TimeTick, WallClock};
use crate::summary::meter_name;

/// The sentences about plots. {0}, {1} … are filled in.
#[allow(missing_docs, reason = "the name says what each sentence is")]
pub struct PlotWords {
    pub title: &'static str,
    pub fold: &'static str,
    pub unfold: &'static str,
    pub no_points: &'static str,
    pub no_times: &'static str,
    pub none_chosen: &'static str,
    pub readings: &'static str,
    pub full_series: &'static str,
    pub full_units: &'static str,
    pub window: &'static str,
    pub window_whole: &'static str,
    pub window_own: &'static str,
    pub minutes: Plural,
    pub hours: Plural,
    pub days: Plural,
    pub earlier: &'static str,
    pub later: &'static str,
    pub zoom_in: &'static str,
    pub zoom_out: &'static str,
    pub keys: &'static str,
    pub range: &'static str,
    pub show_frame: &'static str,
    pub wall: &'static str,
    pub figure: &'static str,
    pub figure_series: &'static str,
    pub figure_empty: &'static str,
    pub table: &'static str,
    pub reading: &'static str,
    pub time: &'static str,
    pub lowest: &'static str,
    pub mean: &'static str,
    pub highest: &'static str,
    pub last: &'static str,
    pub points: &'static str,
    pub rows_some: &'static str,
    months: [&'static str; 12],
}

const EN: PlotWords = PlotWords {
    title: "Plots",
    fold: "Hide the plot",
    unfold: "Show the plot",
    no_points: "Nothing to plot yet: this takes readings of several moments.",
    no_times: "There is no time to plot against: neither the capture nor the meter says when these readings were made.",
    none_chosen: "Choose a reading to plot it.",
    readings: "Readings in the plot",
    full_series: "No more than six readings at a time",
    full_units: "No more than three units at a time",
    window: "Time shown",
    window_whole: "Whole session",
    window_own: "This section",
    minutes: Plural { one: "Last minute", many: "Last {0} minutes" },
    hours: Plural { one: "Last hour", many: "Last {0} hours" },
    days: Plural { one: "Last day", many: "Last {0} days" },
    earlier: "Earlier",
    later: "Later",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    keys: "Left and right go from point to point, up and down to another reading, Shift with left and right moves the plot, \
           plus and minus zoom, 0 shows all, Enter opens the frame.",
    range: "{0} to {1}",
    show_frame: "Show the frame",
    wall: "as the clock there showed it",
    figure: "Plot from {0} to {1}. {2}",
    figure_series: "{0}: {1} to {2}, last {3}.",
    figure_empty: "{0}: no values.",
    table: "As a table",
    reading: "Reading",
    time: "Time",
    lowest: "Lowest",
    mean: "Mean",
    highest: "Highest",
    last: "Last",
    points: "Points",
    rows_some: "The first {0} moments. Zoom in to see the others.",
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};

const NB: PlotWords = PlotWords {
    title: "Grafer",
    fold: "Skjul grafen",
    unfold: "Vis grafen",
    no_points: "Ingenting å tegne ennå: det trengs avlesninger fra flere tidspunkter.",
    no_times: "Det finnes ingen tid å tegne mot: verken opptaket eller måleren sier når disse avlesningene ble gjort.",
    none_chosen: "Velg en avlesning for å tegne den.",
    readings: "Avlesninger i grafen",
    full_series: "Ikke flere enn seks avlesninger om gangen",
    full_units: "Ikke flere enn tre enheter om gangen",
    window: "Tid som vises",
    window_whole: "Hele økten",
    window_own: "Dette utsnittet",
    minutes: Plural { one: "Siste minutt", many: "Siste {0} minutter" },
    hours: Plural { one: "Siste time", many: "Siste {0} timer" },
    days: Plural { one: "Siste døgn", many: "Siste {0} døgn" },
    earlier: "Tidligere",
    later: "Senere",
    zoom_in: "Zoom inn",
    zoom_out: "Zoom ut",
    keys: "Venstre og høyre går fra punkt til punkt, opp og ned til en annen avlesning, Shift med venstre og høyre flytter \
           grafen, pluss og minus zoomer, 0 viser alt, Enter åpner rammen.",
    range: "{0} til {1}",
    show_frame: "Vis rammen",
    wall: "slik klokken der viste det",
    figure: "Graf fra {0} til {1}. {2}",
    figure_series: "{0}: {1} til {2}, sist {3}.",
    figure_empty: "{0}: ingen verdier.",
    table: "Som tabell",
    reading: "Avlesning",
    time: "Tid",
    lowest: "Lavest",
    mean: "Middel",
    highest: "Høyest",
    last: "Sist",
    points: "Punkter",
    rows_some: "De første {0} tidspunktene. Zoom inn for å se de andre.",
    months: ["jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."],
};

impl Text {
    /// The sentences about plots.
    pub const fn plot_words(self) -> &'static PlotWords {
        match self.language {
            Language::En => &EN,
            Language::Nb => &NB,
        }
    }

    /// What stands at a tick of the time axis.
    pub fn time_label(self, tick: &TimeTick) -> String {
        let WallClock { year, day, hour, minute, second, .. } = tick.clock;
        match tick.shows {
            Shows::Second => format!("{hour:02}:{minute:02}:{second:02}"),
            Shows::Minute => format!("{hour:02}:{minute:02}"),
            Shows::Day if self.language == Language::Nb => format!("{day}. {}", self.month(tick.clock)),
            Shows::Day => format!("{day} {}", self.month(tick.clock)),
            Shows::Month => self.month(tick.clock).to_owned(),
            Shows::Year => year.to_string(),
        }
    }

    fn month(self, clock: WallClock) -> &'static str {
        let months = &self.plot_words().months;
        clock.month.checked_sub(1).and_then(|month| months.get(month)).copied().unwrap_or_default()
    }

    /// What was measured, and what tells it from other readings of the same.
    pub fn series_name(self, key: Key, cards: &[Card]) -> String {
        let Some(card) = cards.iter().find(|card| card.key == key) else {
            let words = self.words();
            let tariff = (key.tariff != 0).then(|| format!("{} {}", words.tariff, key.tariff));
            let channel = (key.channel != 0).then(|| format!("{} {}", words.channel, key.channel));
            let phase = key.phase.map(|phase| phase.name().to_owned());
            let parts = [Some(self.quantity(key.quantity).to_owned()), phase, channel, tariff];
            return parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        };
        let (name, marks) = (self.quantity_name(&card.reading), self.marks(&card.marks));
        if marks.is_empty() { name } else { format!("{name}, {marks}") }
    }

    /// The value of a point, in the unit that a person expects.
    pub fn point_value(self, value: f64, unit: Unit) -> String {
        self.with_unit(number::decimal(value), unit)
    }

    /// A value that was worked out from others, with so many decimals.
    pub fn rounded_value(self, value: f64, decimals: u8, unit: Unit) -> String {
        self.with_unit(number::rounded(value, decimals), unit)
    }

    fn with_unit(self, number: Option<Decimal>, unit: Unit) -> String {
        let Some(number) = number else { return String::new() };
        let (number, prefix) = with_prefix(number, unit);
        let symbol = unit_symbol(unit);
        let space = if symbol.is_empty() { "" } else { "\u{A0}" };
        format!("{}{space}{prefix}{symbol}", self.numbers.exact(number))
    }

    /// The unit at the axis of a panel that goes up to `most`, and the labels of these ticks in it.
    pub fn axis(self, unit: Unit, most: f64, ticks: &[Decimal]) -> (String, Vec<String>) {
        let (prefix, power) = number::rounded(most, 0).map_or(("", 0), |most| prefix(most, unit));
        let labels = ticks.iter().map(|tick| self.numbers.exact(tick.scaled(power))).collect();
        (format!("{prefix}{}", unit_symbol(unit)), labels)
    }

    /// The heading over the readings of one meter, as over its cards.
    pub fn meter_heading(self, meter: Option<MeterKey>) -> String {
        match meter {
            Some(MeterKey { manufacturer, id }) => {
                let meter = Meter { manufacturer, id, ..Meter::default() };
                fill(self.words().meter, &[&meter_name(meter)])
            }
            None => self.words().other_meters.to_owned(),
        }
    }

    /// A date and time of day: `21 Nov 2026, 09:30:44`, `21. nov. 2026, 09:30:44`. Where the clock shows the same twice,
    /// how far it is ahead of UTC stands behind it.
    pub fn date_and_clock(self, clock: WallClock, offset: Option<i64>) -> String {
        let WallClock { year, day, .. } = clock;
        let date = match self.language {
            Language::En => format!("{day} {} {year}", self.month(clock)),
            Language::Nb => format!("{day}. {} {year}", self.month(clock)),
        };
        format!("{date}, {}", Self::clock(clock, offset))
    }

    /// A time of day.
    pub fn clock(clock: WallClock, offset: Option<i64>) -> String {
        let WallClock { hour, minute, second, .. } = clock;
        format!("{hour:02}:{minute:02}:{second:02}{}", Self::utc_offset(offset))
    }

    /// A space and how many hours and minutes a clock is ahead of UTC; nothing where that need not be said.
    pub fn utc_offset(minutes: Option<i64>) -> String {
        let Some(minutes) = minutes else { return String::new() };
        let (sign, ahead) = (if minutes < 0 { '−' } else { '+' }, minutes.abs());
        format!("\u{A0}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::ticks::value_ticks;
    use crate::text::NumberStyle;

    fn tick(shows: Shows) -> TimeTick {
        let clock = WallClock { year: 2026, month: 5, day: 7, hour: 8, minute: 5, second: 9 };
        TimeTick { at: 0, clock, shows }
    }

    #[test]
    fn times_are_labelled_in_either_language() {
        let nb = Text { language: Language::Nb, numbers: NumberStyle::default() };
        let labels = |text: Text| {
            [Shows::Second, Shows::Minute, Shows::Day, Shows::Month, Shows::Year]
                .map(|shows| text.time_label(&tick(shows)))
        };
        assert_eq!(labels(Text::default()), ["08:05:09", "08:05", "7 May", "May", "2026"]);
        assert_eq!(labels(nb), ["08:05:09", "08:05", "7. mai", "mai", "2026"]);
        let clock = tick(Shows::Day).clock;
        assert_eq!(Text::default().date_and_clock(clock, None), "7 May 2026, 08:05:09");
        assert_eq!(nb.date_and_clock(clock, None), "7. mai 2026, 08:05:09");
        assert_eq!(nb.date_and_clock(clock, Some(120)), "7. mai 2026, 08:05:09\u{A0}+02:00");
        assert_eq!(Text::clock(clock, Some(-210)), "08:05:09\u{A0}−03:30");
    }

    #[test]
    fn a_meter_is_named_as_over_its_cards() {
        let text = Text::default();
        let meter = MeterKey { manufacturer: Some(*b"KAM"), id: None };
        assert_eq!(text.meter_heading(Some(meter)), "Meter KAM");
        assert_eq!(text.meter_heading(None), "Meter on the HAN or P1 port");
    }

    #[test]
    fn an_axis_has_one_unit_for_all_its_labels() {
        let text = Text::default();
        let (unit, labels) =
            text.axis(Unit::WattHour, 23_500_000.0, &value_ticks(23_400_000.0, 23_500_000.0, 3));
        assert_eq!((unit.as_str(), labels[0].as_str()), ("kWh", "23,400"));
        let (unit, labels) = text.axis(Unit::Volt, 231.0, &value_ticks(229.9, 230.6, 3));
        assert_eq!((unit.as_str(), labels[0].as_str()), ("V", "230.0"));
        assert_eq!(text.point_value(230.1, Unit::Volt), "230.1\u{A0}V");
        assert_eq!(text.rounded_value(2.0 / 3.0, 2, Unit::Ampere), "0.67\u{A0}A");
        assert_eq!(text.point_value(f64::NAN, Unit::Volt), "");
    }

    #[test]
    fn both_languages_fill_in_the_same_places() {
        for (en, nb) in [
            (EN.range, NB.range),
            (EN.figure, NB.figure),
            (EN.figure_series, NB.figure_series),
            (EN.figure_empty, NB.figure_empty),
            (EN.rows_some, NB.rows_some),
            (EN.hours.many, NB.hours.many),
        ] {
            for place in ["{0}", "{1}", "{2}", "{3}"] {
                assert_eq!(en.contains(place), nb.contains(place), "{en}");
            }
        }
    }
}
