//! Runs the decks, and takes edges through the bus.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use meterscope_simulation::case::Case;
use meterscope_simulation::channel::{self, Channel};
use meterscope_simulation::limit::Finding;
use meterscope_simulation::model::Row;
use meterscope_simulation::ngspice::{self, Run};
use meterscope_simulation::questions::{ALL, Answer, Extent, Question};
use meterscope_simulation::{closed_loop, corner, report, values, vcd};

/// The boards in ngspice.
#[derive(Parser)]
#[command(name = "meterscope-simulation")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs every case of every question, judges them and writes README.md, pictures/ and the margins in ../README.md anew.
    All {
        /// Only the question of this name, or closed-loop; README.md stays as it is.
        only: Option<String>,
        /// Only the cases that are nearest to their limits.
        #[arg(long)]
        few: bool,
    },
    /// Prints a deck as ngspice reads it, to run and change by hand.
    Deck {
        /// A file of decks/, without its ending.
        deck: String,
        /// How many boards it has.
        #[arg(long, default_value_t = 1)]
        boards: usize,
    },
    /// Reads edges of the master's pin from a VCD file and writes those of pin D8 to another.
    Channel {
        /// Edges of the pin that modulates the bus: 1 is mark.
        input: PathBuf,
        /// Where edges of D8 go.
        output: PathBuf,
        /// The line's name in the input, if it has several.
        #[arg(long)]
        line: Option<String>,
        #[command(flatten)]
        bus: Bus,
    },
}

#[derive(Args)]
struct Bus {
    /// How far parts are from typical: nominal, dim or bright.
    #[arg(long, default_value = "nominal")]
    corner: String,
    /// The fastest line that is sent.
    #[arg(long, default_value_t = 2400)]
    baud: u32,
    /// Metres of cable.
    #[arg(long, default_value_t = 10.0)]
    length: f64,
    /// Unit loads beside the board.
    #[arg(long, default_value_t = 0)]
    loads: u32,
    /// What the master's boost converter is set to, in volts: mark is 2 V less.
    #[arg(long, default_value_t = 38.0)]
    supply: f64,
}

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::All { only, few } => all(only.as_deref(), if few { Extent::Few } else { Extent::All }),
        Command::Deck { deck, boards } => deck_alone(deck, boards),
        Command::Channel { input, output, line, bus } => through(&input, &output, line.as_deref(), &bus),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn all(only: Option<&str>, extent: Extent) -> Outcome {
    let mut findings = Vec::new();
    let mut mismatches = Vec::new();
    let mut parts = Vec::new();
    for (id, answer) in answers(only, extent)? {
        let tables: Vec<String> = answer.tables.iter().map(report::Table::markdown).collect();
        parts.push((id, tables.join("\n")));
        draw(&answer)?;
        mismatches.extend(answer.rows.iter().flat_map(Row::mismatches));
        findings.extend(answer.findings);
    }
    let margins = [("margins", report::margins(&findings).markdown())];
    if only.is_none() {
        write_tables(&values::folder().join("README.md"), &parts)?;
        write_tables(&values::folder().join("../README.md"), &margins)?;
    }
    parts.extend(margins);
    for (id, table) in &parts {
        println!("{id}\n\n{table}");
    }
    for mismatch in &mismatches {
        eprintln!("not as the data sheet says: {mismatch}");
    }
    let held = findings.iter().all(Finding::holds) && mismatches.is_empty();
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Puts tables into their places in a file.
fn write_tables(path: &Path, tables: &[(&str, String)]) -> Result<(), Box<dyn std::error::Error>> {
    let mut readme = std::fs::read_to_string(path)?;
    for (id, table) in tables.iter().filter(|(_, table)| !table.is_empty()) {
        let place = || format!("{} has no place for {id}", path.display());
        readme = report::put(&readme, id, table).ok_or_else(place)?;
    }
    Ok(std::fs::write(path, readme)?)
}

fn draw(answer: &Answer) -> Result<(), Box<dyn std::error::Error>> {
    answer.pictures.iter().try_for_each(|picture| picture.write(&values::folder().join("pictures")))
}

/// The answers to what is wanted, each with its name.
fn answers(
    only: Option<&str>,
    extent: Extent,
) -> Result<Vec<(&'static str, Answer)>, Box<dyn std::error::Error>> {
    let is_wanted = |id: &str| only.is_none_or(|only| only == id);
    let mut answers = Vec::new();
    for question in ALL.iter().filter(|question| is_wanted(question.id)) {
        answers.push((question.id, ask(question, extent)?));
    }
    if is_wanted(closed_loop::ID) {
        eprintln!("{}", closed_loop::ID);
        answers.push((closed_loop::ID, closed_loop::answer()?));
    }
    Ok(answers)
}

fn ask(question: &Question, extent: Extent) -> Result<Answer, Box<dyn std::error::Error>> {
    let cases = (question.cases)(extent);
    eprintln!("{}: {} cases", question.id, cases.len());
    let runs: Vec<Run> = ngspice::run_all(&cases).into_iter().collect::<Result<_, _>>()?;
    Ok((question.answer)(&runs))
}

fn deck_alone(deck: String, boards: usize) -> Outcome {
    // A case names its deck for as long as the program runs.
    let case = Case::new(deck.leak(), "", 0.1).boards(boards);
    print!("{}", case.netlist()?);
    Ok(ExitCode::SUCCESS)
}

fn through(input: &Path, output: &Path, line: Option<&str>, bus: &Bus) -> Outcome {
    let pin = vcd::read(&std::fs::read_to_string(input)?, line)
        .map_err(|problem| format!("{}: {problem}", input.display()))?;
    std::fs::write(output, channel::pass(&pin, &bus.channel()?)?.write())?;
    Ok(ExitCode::SUCCESS)
}

impl Bus {
    fn channel(&self) -> Result<Channel, &'static str> {
        let &Self { baud, length: length_m, loads, supply: supply_v, .. } = self;
        let corner = corner::named(&self.corner).ok_or("a corner is nominal, dim or bright")?;
        if !(50..=38_400).contains(&baud) || !(0.1..=10_000.0).contains(&length_m) || loads > 250 {
            return Err("50 to 38400 baud, 0.1 to 10000 m and at most 250 loads can be simulated");
        }
        if !(20.0..=50.0).contains(&supply_v) {
            return Err("a supply of 20 to 50 V can be simulated");
        }
        Ok(Channel { corner, supply_v, length_m, loads, baud })
    }
}
