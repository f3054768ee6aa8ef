//! Every sentence that a person reads, in English and Norwegian (bokmål).
//!
//! Terms of the standards (DIF, OBIS, APDU) are the same in both. Both languages fill the same [`Words`], so a sentence
//! that lacks in one does not compile.

mod durations;
mod en;
mod imports_nb;
mod live_en;
mod live_nb;
mod names_nb;
mod nb;
mod numbers;
mod plots;
mod problems_nb;
mod readings;
mod recordings;
mod short_problems;
mod verdicts_nb;

use meterscope_capture::overrides::OverrideError;
use meterscope_capture::verdict::Verdict;
use meterscope_capture::{Form, Source, Why};
use meterscope_decoder::error::{Layer, ProblemKind};
use meterscope_decoder::reading::{Note, Quantity};
use meterscope_decoder::security::KeyError;
use meterscope_decoder::sink::Node;

pub use numbers::NumberStyle;
pub use readings::Shown;

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Norwegian, bokmål.
    Nb,
}

impl Language {
    /// The language for a browser that prefers these tags, best first.
    pub fn preferred<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        tags.into_iter()
            .find_map(|tag| match tag.split('-').next().unwrap_or_default() {
                "nb" | "no" | "nn" => Some(Self::Nb),
                "en" => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nb => "nb",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Nb,
            Self::Nb => Self::En,
        }
    }
}

/// A language and the way it writes numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The language.
    pub language: Language,
    /// The way it writes numbers.
    pub numbers: NumberStyle,
}

impl Text {
    /// The sentences.
    pub const fn words(self) -> &'static Words {
        match self.language {
            Language::En => &en::WORDS,
            Language::Nb => &nb::WORDS,
        }
    }

    /// The sentences about boards and their lines.
    pub const fn live(self) -> &'static LiveWords {
        match self.language {
            Language::En => &live_en::WORDS,
            Language::Nb => &live_nb::WORDS,
        }
    }

    /// `count` of something, in the right number.
    pub fn count(self, forms: Plural, count: u64) -> String {
        let form = if count == 1 { forms.one } else { forms.many };
        fill(form, &[&self.numbers.whole(count)])
    }

    /// What is wrong, in two or three words where there are such.
    pub fn short_problem(self, kind: ProblemKind) -> String {
        short_problems::short_problem(self.language, kind).map_or_else(|| self.problem(kind), str::to_owned)
    }

    /// The verdict in one line.
    pub fn verdict(self, verdict: Verdict) -> String {
        match self.language {
            Language::En => verdict.to_string(),
            Language::Nb => verdicts_nb::sentence(verdict).to_owned(),
        }
    }

    /// What a verdict means and what to do next.
    pub const fn next_step(self, verdict: Verdict) -> Option<&'static str> {
        match self.language {
            Language::En => verdict.next_step(),
            Language::Nb => verdicts_nb::next_step(verdict),
        }
    }

    /// What octets were taken from.
    pub fn form(self, form: Form) -> String {
        match self.language {
            Language::En => form.to_string(),
            Language::Nb => imports_nb::form(form).to_owned(),
        }
    }

    /// A place in an input.
    pub fn source(self, source: Source) -> String {
        match self.language {
            Language::En => source.to_string(),
            Language::Nb => imports_nb::source(source),
        }
    }

    /// Why something gave no octets.
    pub fn why(self, why: &Why) -> String {
        match self.language {
            Language::En => why.to_string(),
            Language::Nb => imports_nb::why(why),
        }
    }

    /// What is wrong with a file of overrides, and in which line.
    pub fn override_error(self, error: &OverrideError) -> String {
        let fault = match self.language {
            Language::En => error.fault.to_string(),
            Language::Nb => imports_nb::fault(&error.fault),
        };
        fill(self.words().problem_overrides, &[&self.numbers.whole(error.line as u64), &fault])
    }

    /// Why a text is no key.
    pub fn key_error(self, error: KeyError) -> String {
        let words = self.words();
        let number = |number: usize| self.numbers.whole(number as u64);
        match error {
            KeyError::Length(0) => words.error_no_key.to_owned(),
            KeyError::Length(digits) => fill(words.error_key_length, &[&number(digits)]),
            KeyError::NotHexadecimal(at) => fill(words.error_key_digit, &[&number(at + 1)]),
            KeyError::Owner => words.error_owner.to_owned(),
        }
    }

    /// What is wrong.
    pub fn problem(self, kind: ProblemKind) -> String {
        match self.language {
            Language::En => kind.to_string(),
            Language::Nb => problems_nb::problem(kind),
        }
    }

    /// The name of a layer.
    pub const fn layer(self, layer: Layer) -> &'static str {
        let words = self.words();
        match layer {
            Layer::Link => words.layer_link,
            Layer::Transport => words.layer_transport,
            Layer::Security => words.layer_security,
            Layer::Application => words.layer_application,
        }
    }

    /// The name of a container, with its number where it has one.
    pub fn node(self, node: Node) -> String {
        let name = self.name(node.name());
        match node {
            Node::Record(number) => format!("{name} {}", number + 1),
            Node::Structure(elements) | Node::Array(elements) => format!("{name} ({elements})"),
            _ => name.to_owned(),
        }
    }

    /// The name of a field; a term that has no other name stays as it is.
    pub fn name(self, name: &'static str) -> &'static str {
        match self.language {
            Language::En => name,
            Language::Nb => names_nb::name(name),
        }
    }

    /// The name of a quantity.
    pub fn quantity(self, quantity: Quantity) -> &'static str {
        match self.language {
            Language::En => quantity.name(),
            Language::Nb => names_nb::quantity(quantity),
        }
    }

    /// Why a reading has no value, or what to think of it.
    pub const fn note(self, note: Note) -> &'static str {
        match self.language {
            Language::En => note.text(),
            Language::Nb => problems_nb::note(note),
        }
    }
}

/// `template` with {0}, {1} … replaced.
pub fn fill(template: &str, arguments: &[&str]) -> String {
    let mut text = template.to_owned();
    for (number, argument) in arguments.iter().enumerate() {
        text = text.replace(&format!("{{{number}}}"), argument);
    }
    text
}

/// The two forms of a phrase with a number, which stands at {0}.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    one: &'static str,
    many: &'static str,
}

macro_rules! words {
    ($words:ident: $($(#[$meta:meta])* $name:ident),* ; $($plural:ident),* $(,)?) => {
        /// The sentences of a language. {0}, {1} … are filled in.
        #[allow(missing_docs, reason = "the name says what each sentence is, en.rs what it reads")]
        pub struct $words { $($(#[$meta])* pub $name: &'static str,)* $(pub $plural: Plural,)* }

        impl $words {
            #[cfg(test)]
            pub(super) fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![
                    $((stringify!($name), self.$name),)*
                    $((stringify!($plural), self.$plural.one), (stringify!($plural), self.$plural.many),)*
                ]
            }
        }
    };
}

words! {
    Words: language_name, language_switch_label, theme_to_dark, theme_to_light,
    tagline, privacy,
    connect,
    open, open_explanation, open_short, paste, paste_explanation, demo, demo_explanation, demo_short, drop_here,
    paste_heading, paste_label, paste_hint, paste_submit, cancel,  dismiss,
    problem_paste, problem_file, problem_empty, problem_unreadable, problem_too_large, problem_bad_digit,
    problem_half, problem_place, problem_mend, problem_overrides,
    taken_for, origin_paste, origin_demo, left_out_none,
    preview_heading, preview_summary, preview_nothing, preview_taken, preview_left_out,
    offer_crlf, offer_crlf_meaning, offer_masked, offer_masked_meaning,
    overrides_load, overrides_meaning, overrides_active, overrides_remove,
    export, export_heading, export_as, export_part, export_submit, export_nothing, export_reversed, export_half_typed,
    export_pcapng, export_pcapng_meaning, export_raw, export_raw_meaning, export_hex, export_hex_meaning,
    export_jsonl, export_jsonl_meaning, export_csv_tidy, export_csv_tidy_meaning, export_csv_wide, export_csv_wide_meaning,
    export_user0, export_user0_meaning, export_user0_deciphered, export_user0_deciphered_meaning,
    export_all, export_selected, export_times, export_from, export_to,
    verdict_from, verdict_before_gone, verdict_before_failed, list_every, hourly_due, last_ago, dropped_octets, waiting, frame_begun, leave_heading, leave_meaning, leave_submit, leave_cancel,
    problem_capture_damaged, problem_capture_empty, problem_capture_link, problem_capture_no_octets,
    replay, replay_play, replay_stop, replay_speed, replay_at_once, replay_seek, replay_at, undo_line_feeds,
    layer_failed, layer_link, layer_transport, layer_security, layer_application,
    total_octets, total_good, total_damaged, total_skipped, total_messages, total_deciphered,
    total_readings, totals_label,
    values, values_none, frames, fields, octets, views,
    column_number, column_offset, column_time, column_kind, column_length, column_content, column_field, column_value,
    column_octets, column_text,
    filter_label, filter_all, filter_bad, frames_none_bad, frames_no_item,
    state_good, state_damaged, state_skipped, state_problem,
    skipped_idle, skipped_text, skipped_noise, skipped_octets, bare_message, bad_octet, part_of_message, no_message,
    kind_skipped, kind_ack, kind_short, kind_control, kind_long,
    fields_none, undecoded, unknown_code, check_right, check_wrong,
    detail_label, detail_octets, detail_none,  raw_scale, scale_frame, scale_list, scale_none,
    scale_override,
    source_frame, source_list, source_none, source_override,
    storage, tariff, subunit, maximum, minimum, during_error, channel, absent, from_frame,
    copy_field, copy_hex, copy_frame, copied_field, copied_hex, copied_frame, copy_failed,
    problems_label, go_to_octet, meter, other_meters,
    buffers_label, buffer_frame, buffer_joined, buffer_deciphered, from_octet_of, from_frame_octet, from_frame_only,
    keys, keys_intro, keys_none, senders_label, sender_unknown, sender_counter, sender_open, sender_waiting,
    sender_refused, add_key_for_it, add_key,
    key_heading, key_heading_for, key_name, key_unnamed, key_name_hint, key_encryption, key_authentication, key_hint, key_owner,
    owner_everyone, owner_title, owner_meter, owner_title_label, owner_meter_label, key_show, key_hide, key_remove,
    key_of_everyone, key_of, key_single, key_pair, key_added,
    fit_checked, fit_unchecked, fit_none, fit_refused, fit_tag_only, key_swapped, key_swap,
    remember, remember_meaning, close,
    error_no_key, error_key_length, error_key_digit, error_owner,
    security_verified, security_unverified, security_missing, security_refused, security_unsupported,
    security_key, security_counter, security_sender ;
    not_taken, more, cr_undone, masked_read, rule_count, octet_count, frame_count, left_out, reading_count, message_count
}

words! {
    LiveWords: heading, explanation, reconnect, unavailable, unavailable_elsewhere,
    which_board, another_board, any_port, any_port_meaning, unnamed_port,
    which_line, find, find_meaning, han_even, han_none, mbus, mbus_slow, mbus_fast, p1, custom,
    baud, baud_wrong, data_bits, parity, parity_none, parity_even, parity_odd, stop_bits,
    submit, submit_ask,
    cancelled, check_cable, check_driver, check_rights, check_list, in_other_tab, forbidden, no_port,
    strip, opening, searching, open, unplugged, permission_gone, closed, failed_in_use, failed_settings, failed_forbidden,
    failed_silent, failed_none_fits, failed_other,
    pause, paused, follow, disconnect, again, allow_again, search_progress, search_cancel, marked, marked_meaning,
    dtr, rts, lines_meaning, awake,
    event_opened, event_found, event_replugged, event_unplugged, event_permission_gone, event_failed, event_closed,
    event_parity, event_framing, event_break, event_overflow, event_lost, event_place, events_none ;
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_language() {
        assert_eq!(Language::preferred(["nb-NO", "en"]), Language::Nb);
        assert_eq!(Language::preferred(["no"]), Language::Nb);
        assert_eq!(Language::preferred(["de", "nn", "en"]), Language::Nb);
        assert_eq!(Language::preferred(["fr-FR"]), Language::En);
    }

    #[test]
    fn both_languages_fill_in_the_same_places() {
        let (en, nb) = (en::WORDS.all(), nb::WORDS.all());
        let live = live_en::WORDS.all().into_iter().zip(live_nb::WORDS.all());
        for ((name, en), (_, nb)) in en.into_iter().zip(nb).chain(live) {
            assert!(!en.is_empty() && !nb.is_empty(), "{name}");
            for place in ["{0}", "{1}", "{2}", "{3}"] {
                assert_eq!(en.contains(place), nb.contains(place), "{name} {place}");
            }
        }
    }

    #[test]
    fn one_is_not_many() {
        let text = Text::default();
        assert_eq!(text.count(text.words().frame_count, 1), "1 frame");
        assert_eq!(text.count(text.words().frame_count, 22_973), "22,973 frames");
    }
}
