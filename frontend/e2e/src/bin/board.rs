//! The board on the bench: `make bench-board METER=kaifa`.
//!
//! A simulated meter and a simulated board, whose USB side is a pseudo-terminal for any program; and a browser that has it
//! in its list of serial ports, which browsers do with no other pseudo-terminal.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use meterscope_e2e::board::Board;
use meterscope_e2e::ending::Ending;
use meterscope_e2e::simulated_board::SimulatedBoard;
use meterscope_e2e::stand_in::{Device, StandIn};
use meterscope_e2e::window::{End, Window, screens};
use meterscope_e2e::{Outcome, page_folder};
use meterscope_firmware_logic::pattern::Meter;
use meterscope_serve::Server;

const POLL_INTERVAL: Duration = Duration::from_millis(200);

#[tokio::main]
async fn main() -> ExitCode {
    let meter = match read(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(wanted) => wanted,
        Err(sentence) => {
            complain(&sentence);
            return ExitCode::from(2);
        }
    };
    match run(meter).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Which meter, and at which port of this machine the page is served.
fn read(arguments: &[String]) -> Result<Wanted, String> {
    let known = Meter::ALL.map(Meter::name);
    let (meter, port) = match arguments {
        [meter] => (meter, "8080"),
        [option, port, meter] if option == "--port" => (meter, port.as_str()),
        _ => return Err(format!("usage: board [--port PORT] METER, which is one of {}", known.join(", "))),
    };
    let Some(meter) = known.into_iter().find(|name| name == meter) else {
        return Err(format!("There is no meter {meter:?} here: choose one of {}.", known.join(", ")));
    };
    let port =
        port.parse().map_err(|_| format!("{port:?} is no port: it should be a number up to 65535."))?;
    Ok(Wanted { meter, port })
}

#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    meter: &'static str,
    port: u16,
}

async fn run(wanted: Wanted) -> Outcome {
    // Before anything is there that would be left behind.
    let mut ending = Ending::listen()?;
    tokio::select! {
        biased;
        () = ending.come() => Ok(()),
        outcome = play(wanted) => outcome,
    }
}

/// Plays until the simulation ends. What was begun is taken away when this is dropped.
async fn play(Wanted { meter, port }: Wanted) -> Outcome {
    let stand_in = Arc::new(StandIn::new()?);
    let board = Board::new(Device::arduino_uno("VIRTUAL0001"), Arc::clone(&stand_in));
    board.plug()?;
    let mut simulated = SimulatedBoard::start(&board, meter, None)?;
    // Another port where this one is taken: the address is printed.
    let folder = page_folder();
    let server = Server::start(&folder, port).or_else(|_| Server::start(&folder, 0))?;
    let terminal = board.with_terminal(|terminal| Ok(terminal.path().to_owned()))?;
    say(&format!(
        "A {meter} meter talks to a board. The board is at {}: any program can read it.",
        terminal.display()
    ));
    say(&format!("The page is at {}", server.url()));
    let mut window = None;
    let screens = screens();
    if screens.is_empty() {
        say(
            "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no browser is opened, and no other \
             browser lists this board. Start this from a desktop to have one, or read the board with another program.",
        );
    } else {
        window = Some(Window::open(&server.url(), board.device(), &stand_in)?);
        say("Chromium opens it. Press \"Connect a board\" there, then \"Connect\".");
    }
    say("Ctrl-C ends it.");
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        if simulated.has_ended() {
            return Err(format!(
                "The simulation ended by itself. Start it again: make bench-board METER={meter}"
            )
            .into());
        }
        if let Some(open) = &mut window
            && let Some(end) = open.end()?
        {
            match end {
                End::Closed => say("The window was closed. The board goes on until Ctrl-C."),
                End::NeverOpened(words) => complain(&format!(
                    "Chromium could not open a window on {}. The board goes on until Ctrl-C. Chromium said:\n{words}",
                    screens.join(" or ")
                )),
            }
            window = None;
        }
    }
}

// Whoever started this may have closed what it says it to.

fn say(sentence: &str) {
    let _ = writeln!(io::stdout(), "{sentence}");
}

fn complain(sentence: &str) {
    let _ = writeln!(io::stderr(), "{sentence}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(arguments: &[&str]) -> Result<Wanted, String> {
        read(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_meter_is_chosen_by_its_name() {
        assert_eq!(wanted(&["kaifa"]), Ok(Wanted { meter: "kaifa", port: 8080 }));
        assert_eq!(wanted(&["--port", "0", "heat"]), Ok(Wanted { meter: "heat", port: 0 }));
    }

    #[test]
    fn what_is_not_there_is_said() {
        let sentence = "There is no meter \"iskra\" here: choose one of kaifa, kamstrup, aidon, heat.";
        assert_eq!(wanted(&["iskra"]), Err(sentence.to_owned()));
        assert_eq!(
            wanted(&[]).unwrap_err(),
            "usage: board [--port PORT] METER, which is one of kaifa, kamstrup, aidon, heat"
        );
        assert!(wanted(&["--port", "high", "heat"]).unwrap_err().contains("no port"));
    }
}
