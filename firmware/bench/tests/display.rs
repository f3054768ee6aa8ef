//! The display's image on a simulated Uno with an HD44780 at its pins.

use std::path::Path;

use meterscope_firmware_bench::{Hd44780, LcdPins, Pin, Sizes, Uno, image};
use meterscope_firmware_logic::command::{NoCommand, TABLE};
use meterscope_firmware_logic::marks::{MarkReader, Told};
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::story::{self, LOOK_MS, Story};
use meterscope_firmware_waveform::{Sender, Waveform};

const PINS: LcdPins = LcdPins {
    register_select: Pin::new('D', 7),
    enable: Pin::new('D', 6),
    data: [Pin::new('C', 0), Pin::new('C', 1), Pin::new('C', 2), Pin::new('C', 3)],
};
/// D5: open for the small display.
const STRAP: Pin = Pin::new('D', 5);

/// An Uno with a display.
struct Display {
    uno: Uno,
    lcd: Hd44780,
    is_large: bool,
}

impl Display {
    fn start(is_large: bool) -> Self {
        let mut uno = Uno::start(&image("display"));
        if is_large {
            uno.drive(STRAP, false);
        }
        let lcd = Hd44780::connect(&mut uno, PINS);
        Self { uno, lcd, is_large }
    }

    /// Time goes on until so many milliseconds after the start.
    fn run_until_ms(&mut self, ms: u64) {
        // Now and then, so that few edges wait.
        while self.uno.cycle() < ms * 16_000 {
            let next = (self.uno.cycle() + 16_000_000).min(ms * 16_000);
            self.uno.run_until(next);
            self.lcd.follow(&mut self.uno);
        }
    }

    fn text(&self) -> Vec<String> {
        if self.is_large { self.lcd.text(4, 20) } else { self.lcd.text(2, 16) }
    }
}

fn firmware() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(name: &str) -> Story {
    let folder = firmware().join("stories").join(name);
    Story::read(&folder.join("story.txt"), &firmware().join("../decoder/fixtures"))
}

/// Both displays show what the story's screens say, and all that was on the bus has been forwarded.
fn tell(name: &str) {
    let story = read(name);
    let line = story.waveform();
    let mut displays = [false, true].map(Display::start);
    for display in &mut displays {
        display.uno.paint_stack();
        display.uno.play(&line);
    }
    let mut seen = String::new();
    for &show_s in &story.shows_s {
        let screens = displays.each_mut().map(|display| {
            display.run_until_ms(u64::from(show_s) * 1000 + LOOK_MS);
            display.text()
        });
        seen += &story::shown(show_s, &screens);
    }
    let expected =
        std::fs::read_to_string(firmware().join("stories").join(name).join("screens.txt")).unwrap();
    assert!(seen == expected, "{name}:\n{expected}\nbut the displays show\n{seen}");
    for display in &mut displays {
        display.run_until_ms(line.end_ns() / 1_000_000 + 100);
        assert_eq!(display.lcd.take_errors(), Vec::<String>::new(), "{name}");
        assert!(
            display.uno.take_octets() == story.octets(),
            "{name}: what was forwarded is not what was sent"
        );
        expect_stack_to_have_room(display, name);
    }
}

/// Whatever is heard and shown. What could come worst of all is read from the instructions, in `stack.rs`.
fn expect_stack_to_have_room(display: &Display, name: &str) {
    let (untouched, ram) = display.uno.untouched_ram();
    println!("{name}: {untouched} of {ram} octets of RAM were never used");
    assert!(untouched >= LEAST_ROOM, "{name}: {untouched}");
}

const LEAST_ROOM: usize = 128;

macro_rules! stories {
    ($($name:ident: $folder:literal,)*) => {
        $(#[test]
        fn $name() {
            tell($folder);
        })*
    };
}

stories! {
    nothing_comes_and_then_no_frame: "start",
    kaifa: "kaifa",
    kamstrup: "kamstrup",
    aidon: "aidon",
    aidon_of_sweden: "aidon-sweden",
    landis_gyr: "landis-gyr",
    a_ciphered_meter: "ciphered",
    a_meter_falls_silent_and_comes_back: "stale",
    damaged_frames: "damaged",
    octets_with_faults: "noise",
    a_frame_too_long: "too-long",
}

#[test]
fn every_story_is_told() {
    assert_eq!(std::fs::read_dir(firmware().join("stories")).unwrap().count(), 11);
}

#[test]
fn the_image_is_small_enough() {
    let Sizes { flash, variables } = Sizes::of(&image("display"));
    println!("display: {flash} octets of flash, {variables} of RAM");
    assert!(flash <= 24_576, "{flash}");
    assert!(variables <= 1536, "{variables}");
}

/// With commands and all that is answered to them, while the longest lists are read.
#[test]
fn the_stack_has_room_for_commands() {
    for name in ["aidon-sweden", "kaifa", "landis-gyr"] {
        let story = read(name);
        let mut display = Display::start(true);
        display.uno.paint_stack();
        display.uno.play(&story.waveform());
        for second in 0..30 {
            display.run_until_ms(second * 1000 + 500);
            display.uno.send(b"count\n");
            display.uno.send(if second % 2 == 0 { b"mode marked\n" } else { b"?\n" });
        }
        expect_stack_to_have_room(&display, name);
    }
}

#[test]
fn it_obeys_as_the_forwarder_does() {
    let answer = |command: &str| {
        let mut display = Display::start(false);
        display.run_until_ms(10);
        let answer = display.uno.ask(command);
        String::from_utf8(answer.strip_prefix(b"\xFF\x06").unwrap_or(&answer).to_vec()).unwrap()
    };
    for row in TABLE {
        assert_eq!(answer(row.example), format!("{}\n", row.answer), "{}", row.form);
    }
    for (command, refused) in [("reboot", NoCommand::Unknown), ("line 110 8N1", NoCommand::Unsuitable)] {
        assert_eq!(answer(command).as_bytes(), refused.answer());
    }
}

/// At every speed, without a pause between octets, with marks: nothing is lost while the display is written and frames are
/// decoded.
#[test]
fn a_full_bus_loses_nothing() {
    for (speed, seconds) in [("9600 8N1", 6), ("9600 8E1", 6), ("2400 8E1", 12)] {
        let story = read("aidon-sweden");
        let frame = &story.sent[0].octets;
        let sender = Sender::exact(speed);
        let (mut line, mut random) = (Waveform::resting(300_000_000), Random::new(3));
        let mut sent = Vec::new();
        while line.end_ns() < seconds * 1_000_000_000 {
            line.send(frame, &sender, &mut random);
            sent.extend_from_slice(frame);
        }
        let mut display = Display::start(true);
        display.run_until_ms(100);
        display.uno.ask("mode marked");
        display.uno.ask(&format!("line {speed}"));
        display.uno.play(&line);
        display.run_until_ms(150 + line.end_ns() / 1_000_000 + 300);
        let raw = display.uno.take_octets();
        let mut reader = MarkReader::new();
        let told: Vec<Told> = raw.into_iter().filter_map(|octet| reader.push(octet)).collect();
        let octets: Vec<u8> = told
            .iter()
            .filter_map(
                |told| if let Told::Octet { octet, fault: None } = told { Some(*octet) } else { None },
            )
            .collect();
        assert!(octets == sent, "{speed}: {} of {} octets", octets.len(), sent.len());
        assert!(
            !told.iter().any(|told| matches!(told, Told::Lost | Told::Octet { fault: Some(_), .. })),
            "{speed}"
        );
        let frames = sent.len() / frame.len();
        let text = display.text();
        println!("{speed}: {frames} frames, {text:?}");
        assert!(text[0].contains("E   0"), "{speed}: {text:?}");
        assert_eq!(display.lcd.take_errors(), Vec::<String>::new());
    }
}

/// A display that has taken a half too many shows the right text again within five seconds.
#[test]
fn a_disturbed_display_recovers() {
    let mut display = Display::start(false);
    display.run_until_ms(3100);
    let text = display.text();
    assert_eq!(text[0], "Bus silent      ");
    display.lcd.disturb();
    display.run_until_ms(3500);
    assert_ne!(display.text(), text);
    display.run_until_ms(8000);
    assert_eq!(display.text(), text);
}
