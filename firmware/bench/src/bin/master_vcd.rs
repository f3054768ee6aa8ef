//! What the master simulator's image does at D9 from the moment it is switched on, as a value change dump: what drives the
//! bus in a simulation of the bus.
//!
//! No host is there. Straps choose the meter, whose clock begins with
//! [`START`](meterscope_firmware_logic::master_simulator::START), so what it sends is known.
//!
//! usage: `master_vcd METER SECONDS OUT.vcd`, for example `master_vcd kaifa 13 d9.vcd`

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use meterscope_firmware_bench::vcd::{self, Signal};
use meterscope_firmware_bench::{MasterSimulator, OUTPUT, Strap, find_image};
use meterscope_firmware_logic::master_command::Play;
use meterscope_firmware_logic::pattern::Meter;

/// A day of edges would fill the memory.
const MOST_SECONDS: u64 = 3600;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (meter, seconds, output) = match read(&arguments) {
        Ok(wanted) => wanted,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match record(meter, seconds).and_then(|signal| write(&signal, &output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn read(arguments: &[String]) -> Result<(Meter, u64, PathBuf), String> {
    let [meter, seconds, output] = arguments else {
        return Err("usage: master_vcd METER SECONDS OUT.vcd".to_owned());
    };
    let known = Meter::ALL.map(Meter::name);
    let Some(place) = known.iter().position(|name| name == meter) else {
        return Err(format!("There is no meter {meter:?} here: choose one of {}.", known.join(", ")));
    };
    match seconds.parse() {
        Ok(seconds @ 1..=MOST_SECONDS) => Ok((Meter::ALL[place], seconds, output.into())),
        _ => Err(format!("{seconds:?} are no seconds: 1 to {MOST_SECONDS} can be recorded.")),
    }
}

fn record(meter: Meter, seconds: u64) -> Result<Signal, String> {
    let mut master = MasterSimulator::start(&find_image("master_simulator")?, &straps(meter));
    master.run_for_us(seconds * 1_000_000);
    Ok(Signal { board: "master_simulator".into(), name: "D9".into(), edges: master.take_edges(OUTPUT) })
}

/// Those that choose the meter.
fn straps(meter: Meter) -> Vec<Strap> {
    let bits = (0..4).find(|&bits| Play::strapped(bits) == Play::Meter(meter)).unwrap_or_default();
    let straps = [(1, Strap::First), (2, Strap::Second)].into_iter();
    straps.filter(|(bit, _)| bits & bit != 0).map(|(_, strap)| strap).collect()
}

fn write(signal: &Signal, output: &Path) -> Result<(), String> {
    let file = File::create(output).map(BufWriter::new);
    file.and_then(|file| vcd::write(file, std::slice::from_ref(signal)))
        .map_err(|error| format!("{} cannot be written: {error}.", output.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(arguments: &[&str]) -> Result<(Meter, u64, PathBuf), String> {
        read(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_meter_is_recorded_for_a_while() {
        assert_eq!(wanted(&["aidon", "13", "d9.vcd"]), Ok((Meter::Aidon, 13, "d9.vcd".into())));
        assert!(wanted(&["aidon", "13"]).unwrap_err().starts_with("usage"));
        assert!(wanted(&["iskra", "13", "d9.vcd"]).unwrap_err().contains("kaifa, kamstrup, aidon, heat"));
        for seconds in ["0", "-1", "3601", "long"] {
            assert!(wanted(&["heat", seconds, "d9.vcd"]).unwrap_err().contains("1 to 3600"), "{seconds}");
        }
    }

    #[test]
    fn straps_are_those_of_the_meter() {
        assert_eq!(Meter::ALL.map(|meter| straps(meter).len()), [0, 1, 1, 2]);
        assert_eq!(straps(Meter::Kamstrup), [Strap::First]);
    }
}
