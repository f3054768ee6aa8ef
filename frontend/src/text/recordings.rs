//! Sentences on recordings.

use super::{Language, Plural, Text, fill};
use crate::recording::{Fault, Shortage};

/// The sentences. {0}, {1} … are filled in.
#[allow(missing_docs, reason = "the name says what each sentence is, the constants what it reads")]
pub struct RecordingWords {
    pub heading: &'static str,
    /// When it began, how long, how large.
    pub left: &'static str,
    pub meaning: &'static str,
    pub open: &'static str,
    pub save: &'static str,
    pub discard: &'static str,
    pub too_large: &'static str,
    pub rescued: &'static str,
    pub unreadable: &'static str,
    pub discard_heading: &'static str,
    pub discard_meaning: &'static str,
    pub discard_submit: &'static str,
    pub recording: &'static str,
    pub finished: &'static str,
    pub finished_saved: &'static str,
    pub starting: &'static str,
    pub fault_full: &'static str,
    pub fault_refused: &'static str,
    pub fault_stopped: &'static str,
    /// How many octets.
    pub fault_lost: &'static str,
    pub fault_lost_events: &'static str,
    pub fault_unavailable: &'static str,
    pub within_hour: &'static str,
    pub percent: &'static str,
    pub make_room: &'static str,
    pub hours: Plural,
}

const EN: RecordingWords = RecordingWords {
    heading: "A session that is not saved yet",
    left: "Recorded {0}, over {1}, {2}.",
    meaning: "The page was closed before it was saved as a file. It stays in this browser until you save or discard it.",
    open: "Open",
    save: "Save as a file",
    discard: "Discard…",
    too_large: "It is too large to be opened here: save it as a file.",
    rescued: "Saved as a file. It will not be offered again.",
    unreadable: "The browser does not give this recording back. It may work after the page is loaded again.",
    discard_heading: "Discard this session?",
    discard_meaning: "It is deleted from this browser and cannot be brought back.",
    discard_submit: "Discard it",
    recording: "Recording: {0} of the line are safe in this browser ({1}).",
    finished: "The recording of {0} stays in this browser ({1}) until you save or discard it.",
    finished_saved: "The recording of {0} is saved as a file ({1}).",
    starting: "Recording begins with the first octet.",
    fault_full: "The browser's storage is full: what comes now is not recorded yet. Free some disk space, or save this \
                 recording and discard old ones. Reading goes on.",
    fault_refused: "The browser refuses to write: what comes now is not recorded yet. It is tried again. Reading goes on.",
    fault_stopped: "Recording has stopped, because nothing could be written for too long. What was recorded until then is \
                    kept. Reading goes on.",
    fault_lost: "The last {0} of the line are not in the recording: they could not be written before it ended. What was \
                 written until then is kept.",
    fault_lost_events: "The last events of the session are not in the recording: they could not be written before it \
                        ended. All octets of the line are kept.",
    fault_unavailable: "This browser cannot record: what you see is lost when the page is closed. Reading goes on.",
    within_hour: "The browser's storage is full within the hour at the present rate.",
    percent: "The browser's storage is nearly full: {0} % are taken.",
    make_room: "Free some disk space, or save this recording and discard old ones.",
    hours: Plural {
        one: "The browser's storage is full in about {0} hour at the present rate.",
        many: "The browser's storage is full in about {0} hours at the present rate.",
    },
};

const NB: RecordingWords = RecordingWords {
    heading: "En økt som ikke er lagret ennå",
    left: "Tatt opp {0}, over {1}, {2}.",
    meaning: "Siden ble lukket før økten var lagret som fil. Den blir i denne nettleseren til du lagrer eller forkaster den.",
    open: "Åpne",
    save: "Lagre som fil",
    discard: "Forkast…",
    too_large: "Den er for stor til å åpnes her: lagre den som fil.",
    rescued: "Lagret som fil. Den blir ikke tilbudt igjen.",
    unreadable: "Nettleseren gir ikke dette opptaket tilbake. Det kan virke etter at siden er lastet på nytt.",
    discard_heading: "Forkaste denne økten?",
    discard_meaning: "Den slettes fra denne nettleseren og kan ikke hentes tilbake.",
    discard_submit: "Forkast den",
    recording: "Tar opp: {0} fra linjen er trygge i denne nettleseren ({1}).",
    finished: "Opptaket av {0} blir i denne nettleseren ({1}) til du lagrer eller forkaster det.",
    finished_saved: "Opptaket av {0} er lagret som fil ({1}).",
    starting: "Opptaket begynner med den første oktetten.",
    fault_full: "Nettleserens lager er fullt: det som kommer nå, er ikke tatt opp ennå. Frigjør diskplass, eller lagre \
                 dette opptaket og forkast gamle. Lesingen fortsetter.",
    fault_refused: "Nettleseren nekter å skrive: det som kommer nå, er ikke tatt opp ennå. Det prøves igjen. Lesingen \
                    fortsetter.",
    fault_stopped: "Opptaket har stoppet, fordi ingenting kunne skrives for lenge. Det som var tatt opp til da, er beholdt. \
                    Lesingen fortsetter.",
    fault_lost: "De siste {0} fra linjen er ikke med i opptaket: de kunne ikke skrives før det sluttet. Det som var \
                 skrevet til da, er beholdt.",
    fault_lost_events: "De siste hendelsene i økten er ikke med i opptaket: de kunne ikke skrives før det sluttet. Alle \
                        oktettene fra linjen er beholdt.",
    fault_unavailable: "Denne nettleseren kan ikke ta opp: det du ser, går tapt når siden lukkes. Lesingen fortsetter.",
    within_hour: "Nettleserens lager er fullt innen en time med dagens fart.",
    percent: "Nettleserens lager er nesten fullt: {0} % er brukt.",
    make_room: "Frigjør diskplass, eller lagre dette opptaket og forkast gamle.",
    hours: Plural {
        one: "Nettleserens lager er fullt om omtrent {0} time med dagens fart.",
        many: "Nettleserens lager er fullt om omtrent {0} timer med dagens fart.",
    },
};

impl Text {
    /// The sentences on recordings.
    pub const fn recording_words(self) -> &'static RecordingWords {
        match self.language {
            Language::En => &EN,
            Language::Nb => &NB,
        }
    }

    /// What stands in the way of recording, and what to do.
    pub fn recording_fault(self, fault: Fault) -> String {
        let words = self.recording_words();
        let sentence = match fault {
            Fault::Full => words.fault_full,
            Fault::Refused => words.fault_refused,
            Fault::Stopped => words.fault_stopped,
            Fault::Lost(0) => words.fault_lost_events,
            Fault::Lost(octets) => {
                return fill(words.fault_lost, &[&self.count(self.words().octet_count, octets)]);
            }
            Fault::Unavailable => words.fault_unavailable,
        };
        sentence.to_owned()
    }

    /// How long the storage will do, and what to do.
    pub fn shortage(self, shortage: Shortage) -> String {
        let words = self.recording_words();
        let sentence = match shortage {
            Shortage::Hours(0) => words.within_hour.to_owned(),
            Shortage::Hours(hours) => self.count(words.hours, hours.into()),
            Shortage::Percent(percent) => fill(words.percent, &[&self.numbers.whole(percent.into())]),
        };
        format!("{sentence} {}", words.make_room)
    }

    /// So many octets of a file: `847 B`, `1.2 MB`, in powers of 1000 as disks are sold.
    pub fn file_size(self, octets: u64) -> String {
        const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
        let (mut unit, mut one) = (0, 1);
        while octets / one >= 1000 && unit + 1 < UNITS.len() {
            (unit, one) = (unit + 1, one * 1000);
        }
        let name = UNITS.get(unit).copied().unwrap_or_default();
        let (whole, tenth) = (octets / one, octets % one * 10 / one);
        if unit == 0 || whole >= 100 {
            format!("{whole}\u{A0}{name}")
        } else {
            format!("{whole}{}{tenth}\u{A0}{name}", self.numbers.decimal)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let size = |octets| Text::default().file_size(octets).replace('\u{A0}', " ");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1000), "1.0 kB");
        assert_eq!(size(1_299_999), "1.2 MB");
        assert_eq!(size(123_456_789), "123 MB");
        assert_eq!(size(u64::MAX), "18446744 TB");
    }

    #[test]
    fn a_shortage_says_how_long_and_what_to_do() {
        let text = Text::default();
        assert!(text.shortage(Shortage::Hours(0)).contains("within the hour"));
        assert!(text.shortage(Shortage::Hours(1)).contains("1 hour at"));
        assert!(text.shortage(Shortage::Hours(23)).contains("23 hours"));
        assert!(text.shortage(Shortage::Percent(91)).contains("91 %"));
    }

    #[test]
    fn what_is_lost_at_the_end_is_counted() {
        let lost = |octets| Text::default().recording_fault(Fault::Lost(octets));
        assert!(lost(12).contains("last 12 octets"), "{}", lost(12));
        assert!(lost(0).contains("All octets of the line are kept"));
    }

    #[test]
    fn both_languages_fill_in_the_same_places() {
        let filled = |words: &RecordingWords| {
            [
                words.left,
                words.recording,
                words.finished,
                words.finished_saved,
                words.percent,
                words.fault_lost,
            ]
            .map(|sentence| ["{0}", "{1}", "{2}", "{3}"].map(|place| sentence.contains(place)))
        };
        assert_eq!(filled(&EN), filled(&NB));
    }
}
