//! However time is cut into slices, a board does the same: boards that are wired together run in turn.

use meterscope_firmware_bench::{BUS, CYCLES_PER_MICROSECOND, CycleEdge, Uno, image};
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Waveform};

/// A board ends a slice with the instruction that it is in.
const MOST_CYCLES_LATE: u64 = 8;

#[test]
fn a_board_stops_at_the_end_of_every_slice() {
    let mut line = Waveform::resting(50_000_000);
    let sent = Random::new(3).octets(1000);
    line.send(&sent, &Sender::exact("2400 8E1"), &mut Random::new(1));
    let cycle = |ns: u64| ns * CYCLES_PER_MICROSECOND / 1000;
    let edges: Vec<CycleEdge> = line.edges().iter().map(|edge| (cycle(edge.at_ns), edge.level)).collect();
    let end = cycle(line.end_ns()) + 1_000_000;
    for slice_us in [50, 100, 4000] {
        let mut uno = Uno::start(&image("forwarder"));
        let (mut rest, mut until) = (edges.as_slice(), 0);
        while until < end {
            until += slice_us * CYCLES_PER_MICROSECOND;
            let (due, later) = rest.split_at(rest.partition_point(|&(cycle, _)| cycle <= until));
            rest = later;
            uno.feed(BUS, due.iter().copied());
            uno.run_until(until);
            let late = uno.cycle() - until;
            assert!(late <= MOST_CYCLES_LATE, "{late} cycles behind {until}");
        }
        assert_eq!(uno.take_octets(), sent, "{slice_us} µs");
    }
}
