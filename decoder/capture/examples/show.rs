fn main() {
    let input = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    match meterscope_capture::import(&input) {
        Err(e) => println!("ERR {e}"),
        Ok(i) => {
            for p in &i.parts {
                println!(
                    "{:?} {} {:02X?}",
                    p.form,
                    p.source,
                    &i.octets[p.octets.clone()].iter().take(24).collect::<Vec<_>>()
                );
            }
            for l in &i.left_out {
                println!("OUT {} {} | {}", l.source, l.why, l.text);
            }
            for s in &i.stamps {
                println!("{} {:?} {}", s.offset, s.direction, s.time.map_or("-".into(), |t| t.to_string()));
            }
            println!("{:?} {:?}", i.repaired, i.offers);
        }
    }
}
