//! What an input, or a stretch of it, was taken for.

use std::fmt;

/// What octets were taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Octets as they came from the wire.
    Binary,
    /// Hexadecimal text, also as `0x68, 0x03`, in C sources and wrapped over lines.
    Hex,
    /// Lines with an offset and octets: `hexdump -C`, `xxd`, `od`, Wireshark.
    HexDump,
    /// Lists of decimal numbers.
    Decimal,
    /// Base64 (RFC 4648).
    Base64,
    /// Text with escapes, as `"~\xA0\x27"`.
    Escaped,
    /// A log: hexadecimal text behind a date, a time, a tag or a sentence.
    HexLog,
    /// What libmbus prints: `RECV (005): 10 40 FD 3D 16`.
    Libmbus,
    /// What amsreader-firmware prints: blocks of lines with `(V)`.
    Amsreader,
    /// What wmbusmeters prints: `telegram=|68…|`.
    Wmbusmeters,
    /// The text of P1 telegrams.
    P1Text {
        /// The lines ended with LF alone, as a paste does, and CR LF was put back; the CRC counts both.
        line_ends_restored: bool,
    },
    /// What a Tibber Pulse publishes when it sends several telegrams at once.
    TibberPulse,
    /// A capture file of Wireshark in the newer form.
    Pcapng,
    /// A capture file of Wireshark in the older form.
    Pcap,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Binary => "binary octets",
            Self::Hex => "hexadecimal text",
            Self::HexDump => "hex dump with offsets",
            Self::Decimal => "list of decimal numbers",
            Self::Base64 => "Base64",
            Self::Escaped => "text with escapes (\\x..)",
            Self::HexLog => "log with hexadecimal octets",
            Self::Libmbus => "libmbus log",
            Self::Amsreader => "amsreader log",
            Self::Wmbusmeters => "wmbusmeters log",
            Self::P1Text { line_ends_restored: false } => "text of P1 telegrams",
            Self::P1Text { line_ends_restored: true } => {
                "text of P1 telegrams, with the line ends CR LF put back that the copy had lost"
            }
            Self::TibberPulse => "Tibber Pulse batch",
            Self::Pcapng => "pcapng capture",
            Self::Pcap => "pcap capture",
        })
    }
}
