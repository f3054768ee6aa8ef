use super::*;
use crate::application::test_sink::{Random, TestSink};

const TELEGRAM: &[u8] = b"\r\n1-3:0.2.8(50)\r\n0-0:1.0.0(240229120000W)\r\n\
0-0:96.1.1(4B414D3030303031)\r\n1-0:1.8.1(000123.456*kWh)\r\n1-0:32.7.0(230.1*V)\r\n0-0:96.14.0(0002)\r\n\
1-0:99.97.0(2)(0-0:96.7.19)(101208152415W)(0000000240*s)(101208151004W)(0000000301*s)\r\n\
0-1:24.2.1(240229110000W)(00872.234*m3)\r\n0-2:24.3.0(090212160000)(00)(60)(1)(0-2:24.2.1)(m3)\r\n(00012.500)\r\n\
0-0:96.13.0()\r\n1-0:1.7.0*255(01.193*kW)\r\nno line at all\r\n0-0:96.1.0(ADC31)\r\n";

fn read(lines: &[u8]) -> (Message, TestSink) {
    let mut sink = TestSink::default();
    let message = read_lines(b"/KAm5meter", &mut Cursor::new(lines), &mut sink);
    sink.assert_tiles(lines.len());
    assert_eq!(usize::from(message.readings), sink.readings.len());
    (message, sink)
}

#[test]
fn a_telegram_line_by_line() {
    let (message, sink) = read(TELEGRAM);
    assert_eq!(
        sink.readings,
        [
            "1-3:0.2.8.255 50 none",
            "0-0:1.0.0.255 2024-02-29T12:00:00 none",
            "0-0:96.1.1.255 KAM00001 none",
            "1-0:1.8.1.255 123456 Wh frame",
            "1-0:32.7.0.255 230.1 V frame",
            "0-0:96.14.0.255 2 none",
            "1-0:99.97.0.255 301 s frame at 2010-12-08T15:10:04",
            "1-0:99.97.0.255 240 s frame at 2010-12-08T15:24:15",
            "0-1:24.2.1.255 872.234 m3 frame at 2024-02-29T11:00:00",
            "0-2:24.2.1.255 12.500 m3 frame at 2009-02-12T16:00:00",
            "0-0:96.13.0.255 absent none",
            "1-0:1.7.0.255 1193 W frame",
            "0-0:96.1.0.255 ADC31 none",
        ]
    );
    assert!(sink.fields.contains(&"text no line at all".into()));
    let meter = message.meter.unwrap();
    assert_eq!(meter.manufacturer, Some(*b"KAM"));
    assert_eq!(meter.id.map(|id| std::format!("{id}")), Some("KAM00001".into()));
    assert_eq!(message.time.map(|time| std::format!("{time}")), Some("2024-02-29T12:00:00".into()));
    assert_eq!(message.list.map(|list| std::format!("{}", list.0)), Some("50".into()));
}

#[test]
fn cut_at_every_octet() {
    for end in 0..TELEGRAM.len() {
        read(&TELEGRAM[..end]);
    }
}

#[test]
fn anything_tiles() {
    let mut random = Random(0x00C0_FFEE);
    for _ in 0..5_000 {
        let length = usize::from(random.octet());
        let line = (0..length).map(|_| b"()01.:-*Wk\r\n \xFF!S"[usize::from(random.octet() % 16)]);
        read(&line.collect::<std::vec::Vec<u8>>());
    }
}
