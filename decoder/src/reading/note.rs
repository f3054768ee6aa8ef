//! Why there is no value, or what to think of it.

/// Why there is no value, or what to think of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Note {
    /// The wire marks the date or time as invalid.
    MarkedInvalid,
    /// The octets are no date or time of the calendar.
    NoSuchDate,
    /// The year of the date stands for every year (EN 13757-3:2018 Annex A).
    EveryYear,
    /// BCD with digits above nine.
    NotDecimal,
    /// The meter reports an error instead of a value, or beside it (EN 13757-3:2018 Table 20).
    RecordError(u8),
    /// The unit is not metric, and which one is for the maker to say (VIFE 3D, EN 13757-3:2018 Annex C).
    NonMetric,
    /// The value does not fit into 64 bits.
    TooLarge,
    /// The float is not a number, or infinite.
    NotANumber,
    /// The meter was asked to send this record; it holds no value.
    Selected,
    /// The number stands as it came: the frame does not say scale and unit, and no published list says them for certain.
    ScaleUnknown,
    /// The code of the unit is not known.
    UnknownUnit,
    /// The time beside the value is none of the calendar: the meter behind the port may not have been read yet.
    NoCaptureTime,
}

impl Note {
    /// A sentence for people.
    pub const fn text(self) -> &'static str {
        match self {
            Self::MarkedInvalid => "the meter marks this time as invalid",
            Self::NoSuchDate => "these octets are no date or time of the calendar",
            Self::EveryYear => "the year 127 stands for every year",
            Self::NotDecimal => "these digits are no decimal number",
            Self::RecordError(code) => record_error_meaning(code),
            Self::NonMetric => "the unit is a non-metric one",
            Self::TooLarge => "the value does not fit into 64 bits",
            Self::NotANumber => "the float is not a finite number",
            Self::Selected => "selected for readout, without a value",
            Self::ScaleUnknown => "the frame does not say the scale, and no list does for certain",
            Self::UnknownUnit => "the unit is not known",
            Self::NoCaptureTime => "without a valid time: the value may never have been read",
        }
    }
}

/// What a record error VIFE says (EN 13757-3:2018 6.4.8, Table 20).
pub const fn record_error_meaning(code: u8) -> &'static str {
    match code {
        0x00 => "no error",
        0x01 => "too many DIFEs",
        0x02 => "storage number not implemented",
        0x03 => "unit number not implemented",
        0x04 => "tariff number not implemented",
        0x05 => "function not implemented",
        0x06 => "data class not implemented",
        0x07 => "data size not implemented",
        0x0B => "too many VIFEs",
        0x0C => "illegal VIF group",
        0x0D => "illegal VIF exponent",
        0x0E => "VIF and DIF do not match",
        0x0F => "unimplemented action",
        0x15 => "no data available",
        0x16 => "data overflow",
        0x17 => "data underflow",
        0x18 => "data error",
        0x1C => "premature end of record",
        _ => "an error of the meter's",
    }
}
