//! The decoder beside m-bus-parser 0.5.3 and dlms_cosem 0.2.0.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use m_bus_parser::mbus_data::MbusData;
use m_bus_parser::{WiredFrame, serialize_mbus_data};
use meterscope_benches::{corpus, ratio, work};
use meterscope_capture::json_lines::JsonLines;
use meterscope_decoder::link::frames::{Frames, Item};
use meterscope_decoder::security::{Key, Owner};
use meterscope_decoder::transport::Decoder;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    mbus_records(&mut criterion);
    mbus_json(&mut criterion);
    kaifa(&mut criterion);
    encrypted(&mut criterion);
    criterion.final_summary();
    ratio::print("mbus_records", "meterscope", "m-bus-parser");
    ratio::print("mbus_json", "meterscope", "m-bus-parser");
    ratio::print("kaifa_capture", "meterscope", "dlms_cosem");
    ratio::print("kaifa_capture", "meterscope", "dlms_cosem_without_values");
    ratio::print("encrypted_apdus", "meterscope", "dlms_cosem");
}

/// The frames that both sides read without an error, so that both do the same work.
fn common_frames() -> Vec<Vec<u8>> {
    let all = corpus::mbus_frames();
    let total = all.len();
    let common: Vec<_> =
        all.into_iter().filter(|frame| peer_records(frame).is_some_and(|count| count > 0)).collect();
    println!("M-Bus corpus: {} of {total} frames are read by both sides", common.len());
    common
}

fn mbus_records(criterion: &mut Criterion) {
    let frames = common_frames();
    let mut decoder = Box::new(Decoder::new());
    let ours: u32 = frames.iter().map(|frame| work::decode_all(&mut decoder, frame).values).sum();
    let theirs: usize = frames.iter().filter_map(|frame| peer_records(frame)).sum();
    println!("records read: meterscope {ours}, m-bus-parser {theirs}");
    let mut group = criterion.benchmark_group("mbus_records");
    group.throughput(Throughput::Bytes(frames.iter().map(|frame| frame.len() as u64).sum()));
    group.bench_function("meterscope", |bencher| {
        bencher.iter(|| {
            frames.iter().map(|frame| work::decode_all(&mut decoder, black_box(frame)).values).sum::<u32>()
        });
    });
    group.bench_function("m-bus-parser", |bencher| {
        bencher.iter(|| frames.iter().filter_map(|frame| peer_records(black_box(frame))).sum::<usize>());
    });
    group.finish();
}

fn mbus_json(criterion: &mut Criterion) {
    let frames = common_frames();
    let texts: Vec<String> = frames.iter().map(|frame| hex(frame)).collect();
    let mut group = criterion.benchmark_group("mbus_json");
    group.bench_function("meterscope", |bencher| {
        let mut output = Vec::new();
        let mut lines = JsonLines::new();
        bencher.iter(|| {
            output.clear();
            for text in &texts {
                // The peer takes hexadecimal text, so ours does too.
                let imported =
                    meterscope_capture::import(black_box(text).as_bytes()).expect("hexadecimal text");
                let mut offset = 0;
                for item in Frames::new(&imported.octets) {
                    output.extend_from_slice(lines.line(offset, &item));
                    offset += item.octets().len() as u64;
                }
            }
            output.len()
        });
    });
    group.bench_function("m-bus-parser", |bencher| {
        bencher.iter(|| {
            texts.iter().map(|text| serialize_mbus_data(black_box(text), "json", None).len()).sum::<usize>()
        });
    });
    group.finish();
}

/// Ours finds the frames in the octets, computes both check sequences, reads the list and gives readings with units. The
/// peer is handed the APDUs, cut out and mended beforehand.
///
/// The peer gives out the values of a list only by name (`ObisMap`), which Kaifa's lists have not, or as the text of
/// `Debug`; that is what `dlms_cosem` does here. `dlms_cosem_without_values` stops at the parsed APDU, whose body cannot be
/// reached.
fn kaifa(criterion: &mut Criterion) {
    let capture = corpus::kaifa_capture();
    let apdus = peer_apdus(&capture);
    let parsed = apdus.iter().filter(|apdu| peer_apdu(apdu)).count();
    let mut decoder = Box::new(Decoder::new());
    println!(
        "Kaifa capture: meterscope {:?}, dlms_cosem {parsed} of {} APDUs",
        work::decode_all(&mut decoder, &capture),
        apdus.len()
    );
    let mut group = criterion.benchmark_group("kaifa_capture");
    group.throughput(Throughput::Elements(apdus.len() as u64));
    group.bench_function("meterscope", |bencher| {
        bencher.iter(|| work::decode_all(&mut decoder, black_box(&capture)));
    });
    group.bench_function("dlms_cosem", |bencher| {
        bencher.iter(|| apdus.iter().filter_map(|apdu| peer_values(black_box(apdu))).sum::<usize>());
    });
    group.bench_function("dlms_cosem_without_values", |bencher| {
        bencher.iter(|| apdus.iter().filter(|apdu| peer_apdu(black_box(apdu))).count());
    });
    group.finish();
}

/// Both sides decipher with AES-128-GCM, read the list and give out named registers with their units.
fn encrypted(criterion: &mut Criterion) {
    let apdus = corpus::encrypted_apdus();
    let keys = [Key::new(corpus::KEY, None, Owner::Anyone)];
    let key = corpus::KEY.into();
    let mut decoder = Box::new(Decoder::new());
    println!(
        "encrypted APDUs: meterscope {:?}, dlms_cosem {} registers",
        work::decode_apdus(&mut decoder, &apdus, &keys),
        apdus.iter().filter_map(|apdu| peer_registers(apdu, &key)).sum::<usize>()
    );
    let mut group = criterion.benchmark_group("encrypted_apdus");
    group.throughput(Throughput::Elements(apdus.len() as u64));
    group.bench_function("meterscope", |bencher| {
        bencher.iter(|| work::decode_apdus(&mut decoder, black_box(&apdus), &keys));
    });
    group.bench_function("dlms_cosem", |bencher| {
        bencher.iter(|| apdus.iter().filter_map(|apdu| peer_registers(black_box(apdu), &key)).sum::<usize>());
    });
    group.finish();
}

fn peer_registers(apdu: &[u8], key: &cipher::Key<aes::Aes128>) -> Option<usize> {
    let (_, apdu) = dlms_cosem::Apdu::parse_encrypted(apdu, key).ok()?;
    let (_, map) = dlms_cosem::ObisMap::parse(&apdu).ok()?;
    Some(black_box(map).len())
}

/// Frame, header and typed records, as the peer's own benchmark of a full parse reads them.
fn peer_records(frame: &[u8]) -> Option<usize> {
    let parsed = MbusData::<WiredFrame>::try_from(frame).ok()?;
    let mut count = 0;
    for record in parsed.data_records? {
        black_box(record.ok()?.value());
        count += 1;
    }
    Some(count)
}

/// Writes the body as `Debug` text into nothing and counts its characters.
fn peer_values(apdu: &[u8]) -> Option<usize> {
    let (_, apdu) = dlms_cosem::Apdu::parse(apdu).ok()?;
    let mut length = Length(0);
    write!(length, "{apdu:?}").ok()?;
    Some(length.0)
}

struct Length(usize);

impl std::fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 += black_box(text).len();
        Ok(())
    }
}

fn peer_apdu(apdu: &[u8]) -> bool {
    black_box(dlms_cosem::Apdu::parse(apdu)).is_ok()
}

/// The APDUs of the good frames, without the tag 09 that Kaifa puts in front of the date-time and the peer refuses.
fn peer_apdus(capture: &[u8]) -> Vec<Vec<u8>> {
    const HEADER: usize = 8;
    const LLC: usize = 3;
    const TRAILER: usize = 3;
    const BEFORE_TIME: usize = 5;
    Frames::new(capture)
        .filter_map(|item| match item {
            Item::Frame(frame) => {
                let start = HEADER + LLC + usize::from(frame.octets.first() == Some(&0x7E));
                frame.octets.get(start..frame.octets.len().checked_sub(TRAILER)?)
            }
            Item::Skipped(..) => None,
        })
        .map(|apdu| {
            let mut apdu = apdu.to_vec();
            if apdu.get(BEFORE_TIME) == Some(&0x09) {
                apdu.remove(BEFORE_TIME);
            }
            apdu
        })
        .collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}
