//! `Serialize` for what comes out of the decoder: structures as they are declared, and whatever has one notation of its
//! own as that text. Decimals are texts too, because not every format has numbers that keep their digits.

use serde::ser::{Serialize, Serializer};

use crate::date_time::DateTime;
use crate::decimal::Decimal;
use crate::message::MeterId;
use crate::obis::Obis;
use crate::text::{ShortText, Text};

macro_rules! as_text {
    ($($type:ty),+) => {
        $(impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })+
    };
}

as_text!(DateTime, Decimal, MeterId, Obis, ShortText, Text<'_>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Message, Protocol};
    use crate::reading::{Quantity, Reading, Unit, Value};
    use crate::span::Span;

    #[test]
    fn a_reading_keeps_its_digits() {
        let mut reading = Reading::empty(Span::new(3, 7));
        reading.quantity = Quantity::Voltage;
        reading.value = Value::Number(Decimal::new(2300, -1));
        reading.unit = Unit::Volt;
        reading.obis = Some(Obis::new(1, 0, 32, 7, 0));
        let json = serde_json::to_value(reading).unwrap();
        assert_eq!(json["value"], serde_json::json!({ "Number": "230.0" }));
        assert_eq!(json["obis"], "1-0:32.7.0.255");
        assert_eq!(json["unit"], "Volt");
        assert_eq!(json["span"], serde_json::json!({ "start": 3, "end": 7 }));
    }

    #[test]
    fn a_message_is_its_fields() {
        let json = serde_json::to_value(Message::new(Protocol::Dlms)).unwrap();
        assert_eq!((&json["protocol"], &json["security"]["state"]), (&"Dlms".into(), &"None".into()));
    }
}
