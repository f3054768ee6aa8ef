//! The virtual board for programs other than the page: as a real one it starts anew whenever its port is opened.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_e2e::Outcome;
use meterscope_e2e::board::Board;
use meterscope_e2e::simulated_board::SimulatedBoard;
use meterscope_e2e::stand_in::{Device, StandIn};
use meterscope_firmware_logic::master_command::MasterCommand;
use rustix::fs::{Mode, OFlags, open};

const CLOCK: &str = "2026-11-21 12:00:00";
const PATIENCE: Duration = Duration::from_secs(30);
/// As often the page asks.
const ASK_INTERVAL: Duration = Duration::from_millis(250);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

#[test]
fn the_next_program_finds_it_plain() -> Outcome {
    let board = VirtualBoard::start("kaifa")?;
    let mut first = board.open()?;
    first.ask("mode marked", b"\xFF\x06ok\n")?;
    first.ask("line 9600 8N1", b"\xFF\x06ok\n")?;
    drop(first);
    let mut second = board.open()?;
    second.ask("?", b"; mode plain\n")?;
    // A list as it is on the bus: a board that marks puts marks among the octets, and 9600 baud give others.
    second.wait_for(&list(4)?)
}

/// It is reset by the first that opens it, as DTR rises then and no more.
#[test]
fn a_program_beside_another_does_not_disturb_it() -> Outcome {
    let board = VirtualBoard::start("kaifa")?;
    let mut first = board.open()?;
    first.ask("mode marked", b"\xFF\x06ok\n")?;
    drop(board.open()?);
    thread::sleep(Duration::from_millis(200));
    first.ask("?", b"mode marked\n")
}

/// As `stty -F` and `cat` behind it do.
#[test]
fn a_program_is_heard_that_comes_right_behind_another() -> Outcome {
    let board = VirtualBoard::start("kaifa")?;
    for _ in 0..20 {
        drop(board.open()?);
        thread::sleep(Duration::from_millis(1));
    }
    board.open()?.ask("?", b"; mode plain\n")
}

/// What programs do to the terminal, they do to every other one as well.
#[test]
fn the_next_program_finds_the_terminal_as_it_was() -> Outcome {
    use rustix::termios::{InputModes, OptionalActions, ioctl_tiocexcl, tcgetattr, tcsetattr};

    let board = VirtualBoard::start("kamstrup")?;
    let first = board.open()?;
    let mut modes = tcgetattr(&first.file)?;
    modes.input_modes.insert(InputModes::PARMRK | InputModes::ICRNL);
    tcsetattr(&first.file, OptionalActions::Now, &modes)?;
    ioctl_tiocexcl(&first.file)?;
    assert!(!board.opens_for_anybody()?);
    drop(first);
    thread::sleep(Duration::from_millis(200));
    assert!(board.opens_for_anybody()?);
    let second = board.open()?;
    let modes = tcgetattr(&second.file)?;
    assert!(!modes.input_modes.intersects(InputModes::PARMRK | InputModes::ICRNL), "{modes:?}");
    Ok(())
}

struct VirtualBoard {
    path: PathBuf,
    _simulated: SimulatedBoard,
}

/// A program that has the port open.
struct Program {
    file: File,
    heard: Vec<u8>,
}

impl VirtualBoard {
    fn start(meter: &str) -> Outcome<Self> {
        let board = Board::new(Device::arduino_uno("VIRTUAL0002"), Arc::new(StandIn::new()?));
        board.plug()?;
        let path = board.with_terminal(|terminal| Ok(terminal.path().to_owned()))?;
        Ok(Self { path, _simulated: SimulatedBoard::start(&board, meter, Some(CLOCK))? })
    }

    fn open(&self) -> Outcome<Program> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(Program { file: open(&self.path, flags, Mode::empty())?.into(), heard: Vec::new() })
    }
}

impl VirtualBoard {
    /// Whether a program can open it that has no more rights than others. Root may open what another has for itself.
    fn opens_for_anybody(&self) -> Outcome<bool> {
        let (program, arguments): (_, &[_]) = if rustix::process::geteuid().is_root() {
            ("setpriv", &["--inh-caps=-sys_admin", "--bounding-set=-sys_admin", "sh"])
        } else {
            ("sh", &[])
        };
        let mut command = Command::new(program);
        command.args(arguments).args(["-c", ": < \"$0\""]).arg(&self.path).stderr(Stdio::null());
        Ok(command.status()?.success())
    }
}

impl Program {
    /// Says a command until the board answers it: while it starts it hears nothing.
    fn ask(&mut self, command: &str, answer: &[u8]) -> Outcome {
        let start = Instant::now();
        self.heard.clear();
        while start.elapsed() < PATIENCE {
            self.file.write_all(format!("\n{command}\n").as_bytes())?;
            if self.hears(answer, ASK_INTERVAL)? {
                return Ok(());
            }
        }
        Err(format!("no answer {answer:?} to {command:?}: {:02X?}", self.heard).into())
    }

    fn wait_for(&mut self, octets: &[u8]) -> Outcome {
        if self.hears(octets, PATIENCE)? {
            return Ok(());
        }
        Err(format!("{octets:02X?} never came: {:02X?}", self.heard).into())
    }

    fn hears(&mut self, octets: &[u8], at_most: Duration) -> Outcome<bool> {
        let start = Instant::now();
        let mut buffer = [0; 1024];
        loop {
            if self.heard.windows(octets.len()).any(|heard| heard == octets) {
                return Ok(true);
            }
            match self.file.read(&mut buffer) {
                Ok(length) => self.heard.extend(buffer.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(POLL_INTERVAL),
                Err(error) => return Err(error.into()),
            }
            if start.elapsed() > at_most {
                return Ok(false);
            }
        }
    }
}

/// What the meter says the `number`th time, from 0 on.
fn list(number: usize) -> Outcome<Vec<u8>> {
    let Ok(MasterCommand::Clock(clock)) = MasterCommand::parse(format!("clock {CLOCK}").as_bytes()) else {
        return Err(format!("{CLOCK} is no time").into());
    };
    let (mut demo, mut buffer) = (Demo::new(MeterKind::Kaifa, clock), [0; LONGEST_FRAME]);
    let mut list = Vec::new();
    for _ in 0..=number {
        list = demo.next_frame(&mut buffer).map_err(|error| format!("{error:?}"))?.octets.to_vec();
    }
    Ok(list)
}
