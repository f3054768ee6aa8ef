//! What the forwarder's image makes of a line at D8 from a value change dump: the end of a simulation of the bus.
//!
//! The first line of the output has the octets, in hex, those with a fault too. Then comes a line for each fault.
//!
//! usage: `forwarder_hears LINE IN.vcd SIGNAL`, for example `forwarder_hears "2400 8E1" d8.vcd bus.D8`

use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use meterscope_firmware_bench::{Uno, find_image, vcd};
use meterscope_firmware_logic::command::Line;
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::marks::{MarkReader, Told};
use meterscope_firmware_logic::receiver::Fault;
use meterscope_firmware_waveform::Waveform;

/// By then a board takes commands.
const START_US: u64 = 20_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (line, input, signal) = match read(&arguments) {
        Ok(wanted) => wanted,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match waveform(&input, &signal).and_then(|waveform| heard(line, &waveform)) {
        Ok(octets) => {
            print!("{}", report(&octets));
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn read(arguments: &[String]) -> Result<(LineSettings, PathBuf, String), String> {
    let [line, input, signal] = arguments else {
        return Err("usage: forwarder_hears LINE IN.vcd SIGNAL".to_owned());
    };
    let settings = line.parse().ok().filter(|&settings| Line::with(settings).is_some());
    let settings = settings.ok_or_else(|| {
        format!("The forwarder has no line {line:?}: it should be like 2400 8E1, of 300 to 9600 baud.")
    })?;
    Ok((settings, input.into(), signal.clone()))
}

fn waveform(input: &Path, signal: &str) -> Result<Waveform, String> {
    let path: Vec<&str> = signal.split('.').collect();
    let file = File::open(input).map(BufReader::new);
    file.and_then(|file| vcd::read(file, &path)).map_err(|error| format!("{}: {error}.", input.display()))
}

/// What a board says that was told the line and to mark faults.
fn heard(line: LineSettings, waveform: &Waveform) -> Result<Vec<u8>, String> {
    let mut forwarder = Uno::start(&find_image("forwarder")?);
    forwarder.run_for_us(START_US);
    for command in [format!("line {line}"), "mode marked".to_owned()] {
        let answer = forwarder.ask(&command);
        if !answer.ends_with(b"ok\n") {
            return Err(format!(
                "The forwarder answers {:?} to {command:?}.",
                String::from_utf8_lossy(&answer)
            ));
        }
    }
    Ok(forwarder.hear(waveform))
}

/// Octets and faults of what a board says with marks.
fn report(said: &[u8]) -> String {
    let mut reader = MarkReader::new();
    let (mut octets, mut faults) = (String::new(), String::new());
    let mut count = 0;
    for told in said.iter().filter_map(|&octet| reader.push(octet)) {
        if let Told::Octet { octet, .. } = told {
            count += 1;
            let _ = write!(octets, "{octet:02X}");
        }
        let what = match told {
            Told::Octet { fault: Some(Fault::Parity), .. } => "wrong parity bit".to_owned(),
            Told::Octet { fault: Some(Fault::Framing), .. } => "no stop bit".to_owned(),
            Told::Octet { fault: Some(Fault::Break), .. } => "break".to_owned(),
            Told::Lost => "octets were lost behind it".to_owned(),
            Told::Unknown(code) => format!("unknown mark {code:02X} behind it"),
            Told::Octet { fault: None, .. } | Told::Gap(_) | Told::Time(_) | Told::Text(_) => continue,
        };
        let _ = writeln!(faults, "octet {count}: {what}");
    }
    octets + "\n" + &faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(arguments: &[&str]) -> Result<(LineSettings, PathBuf, String), String> {
        read(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_line_is_heard_as_it_is_set() {
        let (settings, input, signal) = wanted(&["2400 8N1", "d8.vcd", "bus.D8"]).unwrap();
        assert_eq!(settings.to_string(), "2400 8N1");
        assert_eq!((input, signal), ("d8.vcd".into(), "bus.D8".to_owned()));
        assert!(wanted(&["d8.vcd"]).unwrap_err().starts_with("usage"));
        for line in ["2400", "19200 8E1"] {
            assert!(wanted(&[line, "d8.vcd", "bus.D8"]).unwrap_err().contains("2400 8E1"), "{line}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let sentence = waveform(Path::new("nowhere.vcd"), "bus.D8").unwrap_err();
        assert!(sentence.starts_with("nowhere.vcd: "), "{sentence}");
    }

    #[test]
    fn faults_stand_with_their_octets() {
        let mut said = vec![0x7E];
        for told in [
            Told::Gap(500),
            Told::Octet { octet: 0xFF, fault: None },
            Told::Octet { octet: 0x12, fault: Some(Fault::Parity) },
            Told::Lost,
        ] {
            told.write(&mut |octet| said.push(octet));
        }
        assert_eq!(report(&said), "7EFF12\noctet 3: wrong parity bit\noctet 3: octets were lost behind it\n");
        assert_eq!(report(&[]), "\n");
    }
}
