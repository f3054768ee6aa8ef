//! What can be wrong, in Norwegian.

use meterscope_decoder::error::{ProblemKind, Refusal};
use meterscope_decoder::reading::Note;

/// What is wrong.
pub fn problem(kind: ProblemKind) -> String {
    match kind {
        ProblemKind::Checksum { received, computed } => {
            format!("sjekksummen er {received:02X}h, oktettene gir {computed:02X}h")
        }
        ProblemKind::HeaderCheck { received, computed } => {
            format!("sjekksekvensen i hodet er {received:04X}h, hodet gir {computed:04X}h")
        }
        ProblemKind::FrameCheck { received, computed } => {
            format!("rammens sjekksekvens er {received:04X}h, oktettene gir {computed:04X}h")
        }
        ProblemKind::TelegramCheck { received, computed } => {
            format!("CRC-en etter ! er {received:04X}, telegrammet gir {computed:04X}")
        }
        ProblemKind::LengthsDiffer { first, second } => {
            format!("de to lengdeoktettene er ulike: {first:02X}h og {second:02X}h")
        }
        ProblemKind::ImpossibleLength { length } => {
            format!("ingen ramme av denne typen er {length} oktetter lang")
        }
        ProblemKind::StopMissing { found } => {
            format!("rammen skulle slutte her, men oktetten er {found:02X}h")
        }
        ProblemKind::NotText { found } => {
            format!("et P1-telegram er tekst, men denne oktetten er {found:02X}h")
        }
        ProblemKind::Incomplete { missing: 0 } => "rammen bryter av før den er ferdig".into(),
        ProblemKind::Incomplete { missing } => format!("rammen bryter av, {missing} oktetter mangler"),
        ProblemKind::SegmentNotJoined => {
            "denne rammen er ett segment av en lengre melding; ingenting her setter dem sammen".into()
        }
        ProblemKind::SegmentMissing => {
            "en del av en melding kom uten delene foran, så meldingen er tapt".into()
        }
        ProblemKind::SegmentRepeated => "denne delen av meldingen kom før; den teller én gang".into(),
        ProblemKind::MessageLost { length } => {
            format!("en melding ble aldri fullstendig og er tapt; {length} oktetter av den var kommet")
        }
        ProblemKind::MessageTooLong { limit } => {
            format!("meldingen har for mange deler eller er lengre enn {limit} oktetter, så den er tapt")
        }
        ProblemKind::TelegramMissing => "et telegram i denne avlesningen mangler foran dette".into(),
        ProblemKind::AuthenticationFailed(refusal) => refused(refusal).into(),
        ProblemKind::Truncated { needed, left } => {
            format!("her begynner et felt på {needed} oktetter, men bare {left} er igjen")
        }
        ProblemKind::Trailing { count } => format!("{count} oktetter er til overs etter meldingen"),
        ProblemKind::KeyMissing => "meldingen er kryptert, og det er ingen nøkkel til den".into(),
        ProblemKind::UnsupportedSecurity { code } => {
            format!("sikkerhetsmodus eller -suite {code} støttes ikke")
        }
        ProblemKind::UnknownControlInformation { code } => {
            format!("CI-feltet {code:02X}h har ingen betydning her")
        }
        ProblemKind::UnknownApdu { tag } => format!("APDU-er med koden {tag:02X}h støttes ikke"),
        ProblemKind::UnknownDataType { tag } => format!("det finnes ingen DLMS-datatype {tag:02X}h"),
        ProblemKind::TooDeep { limit } => format!("dypere enn {limit} nivåer"),
        ProblemKind::TooManyExtensions => "mer enn ti utvidelsesoktetter på rad".into(),
        ProblemKind::ReservedDif { dif } => {
            format!("DIF {dif:02X}h er reservert, så resten kan ikke deles i poster")
        }
        ProblemKind::ReservedLvar { lvar } => {
            format!("lengdeoktetten {lvar:02X}h er reservert, så resten kan ikke deles i poster")
        }
        ProblemKind::ApplicationError { code } => {
            format!("måleren melder en feil: {}", application_error(code))
        }
        ProblemKind::BadLength { octet } => format!("ingen lengde begynner med {octet:02X}h"),
        ProblemKind::CompactArray => "innholdet i denne kompakte tabellen tas ikke fra hverandre".into(),
        ProblemKind::BadDateTime => "datoen har en form som ikke er kjent".into(),
    }
}

const fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Tag => {
            "autentiseringskoden er feil med alle nøklene: nøkkelen til en annen måler, eller skadde oktetter"
        }
        Refusal::TagOnly => {
            "autentiseringskoden er feil, men teksten gir mening: kontroller autentiseringsnøkkelen; eller en oktett \
             er endret"
        }
        Refusal::Plaintext => {
            "ingen av nøklene gjør dette til en melding: nøkkelen til en annen måler, eller skadde oktetter"
        }
    }
}

/// What an application error code says (EN 13757-3:2018 8.3, Table 28).
const fn application_error(code: u8) -> &'static str {
    match code {
        0 => "uspesifisert feil, eller et datafelt som mangler",
        1 => "CI-feltet er ikke innebygd",
        2 => "bufferet er for langt og ble kuttet",
        3 => "for mange poster",
        4 => "en post slutter for tidlig",
        5 => "mer enn ti DIFE",
        6 => "mer enn ti VIFE",
        7 => "reservert",
        8 => "applikasjonen er for opptatt til å bli avlest",
        9 => "for mange avlesninger, kvoten er brukt opp",
        _ => "en kode fra produsenten, eller reservert",
    }
}

/// Why there is no value, or what to think of it.
pub const fn note(note: Note) -> &'static str {
    match note {
        Note::MarkedInvalid => "måleren merker tiden som ugyldig",
        Note::EveryYear => "gjentar seg hvert år",
        Note::ScaleUnknown => "skalaen er ikke kjent: tallet er vist slik det ble sendt",
        Note::UnknownUnit => "enheten er ikke kjent",
        Note::NoCaptureTime => "uten gyldig tid: verdien er kanskje aldri avlest",
        Note::NoSuchDate => "disse oktettene er ingen dato eller tid i kalenderen",
        Note::NotDecimal => "disse sifrene er ikke et desimaltall",
        Note::RecordError(code) => record_error(code),
        Note::NonMetric => "enheten er ikke metrisk",
        Note::TooLarge => "verdien får ikke plass i 64 bit",
        Note::NotANumber => "måleren sender «ikke et tall»",
        Note::Selected => "valgt for avlesning, uten verdi",
    }
}

/// What a record error VIFE says (EN 13757-3:2018 6.4.8, Table 20).
const fn record_error(code: u8) -> &'static str {
    match code {
        0x00 => "ingen feil",
        0x01 => "for mange DIFE",
        0x02 => "lagernummeret er ikke innebygd",
        0x03 => "enhetsnummeret er ikke innebygd",
        0x04 => "tariffnummeret er ikke innebygd",
        0x05 => "funksjonen er ikke innebygd",
        0x06 => "dataklassen er ikke innebygd",
        0x07 => "datastørrelsen er ikke innebygd",
        0x0B => "for mange VIFE",
        0x0C => "ulovlig VIF-gruppe",
        0x0D => "ulovlig VIF-eksponent",
        0x0E => "VIF og DIF passer ikke sammen",
        0x0F => "handlingen er ikke innebygd",
        0x15 => "ingen data tilgjengelig",
        0x16 => "verdien er for stor",
        0x17 => "verdien er for liten",
        0x18 => "datafeil",
        0x1C => "posten slutter for tidlig",
        _ => "en feil i måleren",
    }
}
