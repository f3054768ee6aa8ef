//! What an input was taken for, what was left out, and what is wrong with a file of overrides, in Norwegian.

use meterscope_capture::overrides::Fault;
use meterscope_capture::{Form, Source, Why};

/// What octets were taken from.
pub const fn form(form: Form) -> &'static str {
    match form {
        Form::Binary => "binære oktetter",
        Form::Hex => "heksadesimal tekst",
        Form::HexDump => "heksdump med adresser",
        Form::Decimal => "liste av desimaltall",
        Form::Base64 => "Base64",
        Form::Escaped => "tekst med escape-tegn (\\x..)",
        Form::HexLog => "logg med heksadesimale oktetter",
        Form::Libmbus => "libmbus-logg",
        Form::Amsreader => "amsreader-logg",
        Form::Wmbusmeters => "wmbusmeters-logg",
        Form::P1Text { line_ends_restored: false } => "teksten i P1-telegrammer",
        Form::P1Text { line_ends_restored: true } => {
            "teksten i P1-telegrammer, der linjeskiftene CR LF som kopien hadde mistet, er satt inn igjen"
        }
        Form::TibberPulse => "Tibber Pulse-samling",
        Form::Pcapng => "pcapng-opptak",
        Form::Pcap => "pcap-opptak",
    }
}

/// A place in an input.
pub fn source(source: Source) -> String {
    match source {
        Source::Whole => "alt".to_owned(),
        Source::Lines(first, last) if first == last => format!("linje {first}"),
        Source::Lines(first, last) => format!("linje {first} til {last}"),
        Source::Packets(first, last) if first == last => format!("pakke {first}"),
        Source::Packets(first, last) => format!("pakke {first} til {last}"),
    }
}

/// Why something gave no octets.
pub fn why(why: &Why) -> String {
    let plain = match why {
        Why::Text => "tekst uten oktetter",
        Why::Comment => "en kommentar",
        Why::TimeOnly => "et tidspunkt uten oktetter",
        Why::Again => "oktetter som er skrevet ut en gang til",
        Why::Wireless => "et telegram fra trådløs M-Bus, ikke fra en ledning",
        Why::NoOctet => "tall som ikke er oktetter (0 til 255)",
        Why::Damaged => "skadet eller avbrutt",
        Why::BadHex(bad) if bad.half => {
            return format!("en halv oktett: sifferet «{}» i kolonne {} står alene", bad.found, bad.column);
        }
        Why::BadHex(bad) => {
            return format!("«{}» i kolonne {} er ikke et heksadesimalt siffer", bad.found, bad.column);
        }
        Why::Masked(digits) => return format!("{digits} sifre er skjult"),
        Why::Shorter { announced, found } => {
            return format!("{announced} oktetter er varslet, {found} er der");
        }
        Why::Gap { from, to } => return format!("dumpen hopper fra adresse {from:X} til {to:X}"),
        Why::LinkType(link_type) => {
            return format!("linktype {link_type}, ikke en seriell linje (250, eller 147 til 162)");
        }
    };
    plain.to_owned()
}

/// What is wrong with a line of overrides.
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::NoHeadings => {
            "den første linjen må navngi kolonnene: list,elements,place,name,unit,scaler".to_owned()
        }
        Fault::UnknownHeading(found) => {
            format!("kolonnen «{found}» finnes ikke; det er list, elements, place, name, unit, scaler")
        }
        Fault::MissingHeading(heading) => format!("kolonnen «{heading}» mangler"),
        Fault::TooManyFields => "linjen har flere felter enn den første linjen har kolonner".to_owned(),
        Fault::OpenQuotation => "et anførselstegn åpnes her og lukkes aldri".to_owned(),
        Fault::BadElements(found) => format!("«{found}» er ikke et antall elementer"),
        Fault::BadPlace(found) => {
            format!("«{found}» er verken et objekt som 1-0:1.8.0 eller nummeret på et element, regnet fra 1")
        }
        Fault::UnknownUnit(found) => {
            format!("«{found}» er ingen kjent enhet; W, kWh, var, V, A, Hz, m3, l/h, J og C er noen")
        }
        Fault::BadScaler(found) => format!("«{found}» er ingen skala: et helt tall som -3, 0 eller 1"),
        Fault::NothingToChange => "navn, enhet og skala er tomme alle sammen".to_owned(),
    }
}
