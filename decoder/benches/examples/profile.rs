fn main() {
    let frames = meterscope_benches::corpus::mbus_frames();
    let mode = std::env::args().nth(1).unwrap();
    let n: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let kaifa = meterscope_benches::corpus::kaifa_capture();
    let mut out = Vec::new();
    let mut total = 0u64;
    for _ in 0..n {
        match mode.as_str() {
            "mbus" => for f in &frames { total += u64::from(meterscope_benches::work::decode_all(f).values); },
            "kaifa" => total += u64::from(meterscope_benches::work::decode_all(&kaifa).values),
            _ => for f in &frames { out.clear(); for item in meterscope_decoder::link::frames::Frames::new(f) { meterscope_capture::json_lines::write(&mut out, 0, &item).unwrap(); } total += out.len() as u64; }
        }
    }
    println!("{total}");
}
