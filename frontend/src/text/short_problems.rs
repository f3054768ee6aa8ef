//! What is wrong with a frame in two or three words, for a row of the list; the sentence stands beside the fields.

use meterscope_decoder::error::ProblemKind;

use super::Language;

/// The short form of a problem; none where only the sentence will do.
pub fn short_problem(language: Language, kind: ProblemKind) -> Option<&'static str> {
    let (en, nb) = match kind {
        ProblemKind::Checksum { .. } => ("check sum wrong", "feil sjekksum"),
        ProblemKind::HeaderCheck { .. } => ("header check wrong", "feil sjekk i hodet"),
        ProblemKind::FrameCheck { .. } => ("frame check wrong", "feil rammesjekk"),
        ProblemKind::TelegramCheck { .. } => ("CRC wrong", "feil CRC"),
        ProblemKind::LengthsDiffer { .. } => ("lengths differ", "ulike lengder"),
        ProblemKind::ImpossibleLength { .. } => ("impossible length", "umulig lengde"),
        ProblemKind::StopMissing { .. } => ("stop missing", "mangler slutt"),
        ProblemKind::NotText { .. } => ("not text", "ikke tekst"),
        ProblemKind::Incomplete { .. } => ("breaks off", "brytes av"),
        ProblemKind::KeyMissing => ("key needed", "trenger nøkkel"),
        ProblemKind::AuthenticationFailed(_) => ("no key fits", "ingen nøkkel passer"),
        _ => return None,
    };
    Some(match language {
        Language::En => en,
        Language::Nb => nb,
    })
}
