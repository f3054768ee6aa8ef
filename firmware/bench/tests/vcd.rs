//! Pins of two boards in a value change dump, and a line from one.

mod bus;

use bus::{settings, silent};
use meterscope_firmware_bench::vcd::{self, Signal};
use meterscope_firmware_bench::{BUS, OUTPUT, Pin, Uno, Wire, image};

const DATA_LAMP: Pin = Pin::new('B', 5);
const SAID: &[u8] = b"what was said on the bus";

/// Both boards run together, slice by slice.
#[test]
fn a_dump_of_two_boards_is_a_line_for_a_third() {
    let mut master = silent(settings("2400 8E1"));
    let mut forwarder = Uno::start(&image("forwarder"));
    forwarder.watch(DATA_LAMP);
    forwarder.run_until(master.cycle());
    let wire = Wire { from: OUTPUT, to: BUS };
    master.send_octets(SAID);
    let (until, mut edges) = (master.cycle() + 16 * 200_000, Vec::new());
    while forwarder.cycle() < until {
        let slice = forwarder.cycle() + 16 * 5000;
        // The master is ahead: it had to be spoken to.
        let seen = wire.advance_sender(&mut master, slice);
        edges.extend_from_slice(&seen);
        wire.advance_receiver(&mut forwarder, seen, slice);
    }
    assert_eq!(forwarder.take_octets(), SAID);

    let signal = |board: &str, name: &str, edges| Signal { board: board.into(), name: name.into(), edges };
    let signals = [
        signal("master_simulator", "d9", edges),
        signal("forwarder", "d13", forwarder.take_edges(DATA_LAMP)),
    ];
    assert!(signals[1].edges.len() > 1, "the lamp was lit");
    let mut file = Vec::new();
    vcd::write(&mut file, &signals).unwrap();

    let line = vcd::read(&file[..], &["master_simulator", "d9"]).unwrap();
    let mut third = Uno::start(&image("forwarder"));
    assert_eq!(third.hear(&line), SAID);
    let lamp = vcd::read(&file[..], &["forwarder", "d13"]).unwrap();
    assert!(lamp.edges().len() >= signals[1].edges.len() - 1);
}
