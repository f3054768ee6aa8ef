//! The forwarder's image on a simulated Leonardo, with a host on its USB.

mod forwarding;

use forwarding::{
    expect_answers_of_the_table, expect_every_meter_with_its_settings, expect_every_octet,
    expect_faults_with_their_octet, meter, octets, random_line, told,
};
use meterscope_decoder::encode::demo::MeterKind;
use meterscope_firmware_bench::{Lamps, Leonardo, Refusal, Shunt, Sizes, image};
use meterscope_firmware_logic::command::TABLE;
use meterscope_firmware_logic::marks::Told;
use meterscope_firmware_logic::receiver::SPEEDS;
use meterscope_firmware_waveform::Sender;

/// What a host may ask (USB 2.0, table 9-4; PSTN, table 13): kind, request, value, index, length.
const SET_ADDRESS: (u8, u8) = (0x00, 5);
const GET_CONFIGURATION: (u8, u8, u16, u16, u16) = (0x80, 8, 0, 0, 1);
const GET_LINE_CODING: (u8, u8, u16, u16, u16) = (0xA1, 0x21, 0, 0, 7);
const PRODUCT: (u8, u8, u16, u16, u16) = (0x80, 6, 0x0302, 0x0409, 255);
const CONFIGURATION: (u8, u8, u16, u16, u16) = (0x80, 6, 0x0200, 0, 255);

/// UDADDR, USBCON and PLLCSR in data space (Atmel-7766J, 31).
const UDADDR: usize = 0xE3;
const USBCON: usize = 0xD8;
const PLLCSR: usize = 0x49;
const FROZEN: u8 = 1 << 5;

fn board() -> Leonardo {
    Leonardo::ready(&image("forwarder_leonardo"), Shunt::D4)
}

#[test]
fn a_host_finds_a_serial_port() {
    let mut board = Leonardo::start(&image("forwarder_leonardo"), Shunt::D4);
    board.reset_bus();
    let device = board.control_in((0x80, 6, 0x0100, 0, 64)).unwrap();
    assert_eq!(device[..2], [18, 1]);
    assert_eq!(device[4], 2, "a communications device");
    assert_eq!(device[8..12], [0x41, 0x23, 0x36, 0x80], "2341:8036");
    // Nothing of the configuration is there before it is chosen.
    assert_eq!(board.control_in(GET_CONFIGURATION), Ok(vec![0]));
    assert_eq!(board.control_in((0x81, 10, 0, 0, 1)), Err(Refusal::Stall));
    board.enumerate();
    assert_eq!(board.core().memory(UDADDR), 0x80 | 9);
    assert_eq!(board.control_in(GET_CONFIGURATION), Ok(vec![1]));
    assert_eq!(board.control_in((0x81, 10, 1, 0, 1)), Ok(vec![0]));

    let product = board.control_in(PRODUCT).unwrap();
    let units: Vec<u16> = product[2..].chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    assert_eq!(String::from_utf16(&units).unwrap(), "Meterscope forwarder");
}

/// Longer than a packet, exactly a packet, and cut by the host.
#[test]
fn descriptors_come_as_long_as_the_host_takes_them() {
    let mut board = board();
    let whole = board.control_in(CONFIGURATION).unwrap();
    assert_eq!(whole.len(), 67);
    for length in [0, 1, 9, 63, 64, 65, 66, 67, 68, 128] {
        let part = board.control_in((0x80, 6, 0x0200, 0, length)).unwrap();
        assert_eq!(part, whole[..whole.len().min(length.into())], "{length}");
    }
}

#[test]
fn what_is_not_there_is_refused_and_the_next_request_is_not() {
    let mut board = board();
    let refused = [
        (0x80, 6, 0x0305, 0, 255),
        (0x80, 6, 0x0600, 0, 10),
        (0x00, 9, 2, 0, 0),
        (0x01, 11, 1, 0, 0),
        (0x82, 0, 0, 4, 2),
        (0x00, 3, 1, 0, 0),
        (0x21, 0x23, 100, 0, 0),
        (0xC0, 1, 0, 0, 8),
    ];
    for request in refused {
        let answer = if request.0 & 0x80 == 0 {
            board.control_out(request, &[])
        } else {
            board.control_in(request).map(|_| ())
        };
        assert_eq!(answer, Err(Refusal::Stall), "{request:02X?}");
        assert_eq!(board.control_in((0x80, 0, 0, 0, 2)), Ok(vec![0, 0]));
    }
}

#[test]
fn an_endpoint_can_be_halted_and_goes_on() {
    let mut board = board();
    board.control_out((0x02, 3, 0, 0x83, 0), &[]).unwrap();
    assert_eq!(board.control_in((0x82, 0, 0, 0x83, 2)), Ok(vec![1, 0]));
    assert_eq!(board.read(), Err(Refusal::Stall));
    board.control_out((0x02, 1, 0, 0x83, 0), &[]).unwrap();
    assert_eq!(board.control_in((0x82, 0, 0, 0x83, 2)), Ok(vec![0, 0]));
    assert_eq!(board.ask("mode plain"), b"ok\n");
}

#[test]
fn the_line_coding_is_kept_and_changes_nothing() {
    let mut board = board();
    assert_eq!(board.control_in(GET_LINE_CODING), Ok(vec![0x00, 0xC2, 0x01, 0, 0, 0, 8]));
    board.control_out((0x21, 0x20, 0, 0, 7), &[0x80, 0x25, 0, 0, 0, 2, 7]).unwrap();
    assert_eq!(board.control_in(GET_LINE_CODING), Ok(vec![0x80, 0x25, 0, 0, 0, 2, 7]));
    // Another length is none.
    assert_eq!(board.control_out((0x21, 0x20, 0, 0, 6), &[0; 6]), Err(Refusal::Stall));
    assert!(String::from_utf8(board.ask("?")).unwrap().contains("line auto 2400 8?1"));
}

#[test]
fn commands_are_answered_as_in_the_table() {
    expect_answers_of_the_table(board);
}

/// The board takes them when it has time: no octet of a command is lost.
#[test]
fn many_commands_at_once_are_all_answered() {
    let mut board = board();
    board.send(&b"mode plain\n".repeat(100));
    board.run_for_us(50_000);
    assert_eq!(board.take_octets(), b"ok\n".repeat(100));
}

#[test]
fn every_meter_is_forwarded_and_its_settings_are_found() {
    expect_every_meter_with_its_settings(board);
}

#[test]
fn every_octet_comes_through_at_every_setting() {
    for speed in SPEEDS {
        for format in ["8E1", "8N1", "8O1"] {
            expect_every_octet(&mut board(), &format!("{speed} {format}"));
        }
    }
}

#[test]
fn a_full_bus_of_9600_baud_is_forwarded() {
    let mut board = board();
    assert_eq!(board.ask("line 9600 8N1"), b"ok\n");
    let (line, sent) = random_line(5000, "9600 8N1");
    assert_eq!(board.hear(&line), sent);
    assert!(board.ask("count").starts_with(b"octets 5000 parity 0 framing 0 break 0 lost 0 "));
}

#[test]
fn faults_are_told_with_their_octet() {
    let mut board = board();
    let line = expect_faults_with_their_octet(&mut board);
    board.play(&line);
    board.run_for_us(100_000);
    assert_eq!(board.lamps(), Lamps { data: true, error: true });
}

/// A host that asks for as many octets as came must not wait for more.
#[test]
fn a_full_packet_is_followed_by_an_empty_one() {
    let mut board = board();
    board.set_reading(false);
    board.ask("line 2400 8E1");
    let (line, sent) = random_line(125, "2400 8E1");
    board.play(&line);
    board.run_for_us(700_000);
    board.set_reading(true);
    board.run_for_us(10_000);
    // The answer to the command was the first packet.
    let packets = board.take_packets();
    assert_eq!(packets.concat(), [b"ok\n", &sent[..]].concat());
    for (packet, next) in packets.iter().zip(packets.iter().skip(1).map(Some).chain([None])) {
        assert!(
            packet.len() < 64 || next.is_some(),
            "{:?}",
            packets.iter().map(Vec::len).collect::<Vec<_>>()
        );
    }

    // Exactly a packet, and nothing behind it.
    board.set_reading(false);
    let (line, sent) = random_line(64 + 1, "2400 8E1");
    board.play(&line);
    board.run_for_us(400_000);
    board.set_reading(true);
    board.run_for_us(10_000);
    // The first octet fills a packet of its own; the others wait for it.
    let lengths: Vec<usize> = board.take_packets().iter().map(Vec::len).collect();
    assert_eq!((lengths, sent.len()), (vec![1, 64, 0], 65));
}

#[test]
fn a_host_that_does_not_read_loses_only_what_there_is_no_room_for_and_is_told() {
    let mut board = board();
    board.ask("mode marked");
    board.ask("line 2400 8E1");
    board.set_reading(false);
    let (line, sent) = random_line(2000, "2400 8E1");
    board.play(&line);
    board.run_for_us(line.end_ns() / 1000 + 60_000);
    board.set_reading(true);
    board.run_for_us(50_000);
    let (line, behind) = random_line(20, "2400 8E1");
    board.play(&line);
    board.run_for_us(200_000);

    let told = told(&board.take_octets());
    let lost = told.iter().position(|told| *told == Told::Lost).expect("what was lost is told");
    let (before, after) = (octets(&told[..lost]), octets(&told[lost..]));
    assert!(before.len() > 500 && sent.starts_with(&before), "{} octets", before.len());
    assert_eq!(after, behind);
    assert!(told.iter().all(|told| !matches!(told, Told::Octet { fault: Some(_), .. } | Told::Unknown(_))));
    let count = String::from_utf8(board.ask("count")[2..].to_vec()).unwrap();
    assert!(count.starts_with("octets 2020 parity 0 framing 0 break 0 lost 1 "), "{count}");
}

/// What came while nobody listened is for nobody: a program gets what comes from when it opens the port.
#[test]
fn a_port_that_was_closed_has_nothing_old() {
    let mut board = board();
    board.ask("line 2400 8E1");
    board.close();
    let (line, _) = random_line(300, "2400 8E1");
    board.play(&line);
    board.run_for_us(line.end_ns() / 1000 + 60_000);
    board.open(115_200);
    board.run_for_us(20_000);
    assert_eq!(board.take_octets(), b"");
    let (line, sent) = random_line(30, "2400 8E1");
    assert_eq!(board.hear(&line), sent);
    assert_eq!(board.ask("count"), b"octets 330 parity 0 framing 0 break 0 lost 0 frames 0 damaged 0\n");
}

/// An Uno is reset when its port is opened. Here a program that went away must not leave its marks to the next one.
#[test]
fn a_port_that_was_closed_is_plain_again() {
    let mut board = board();
    board.ask("line 9600 8N1");
    board.ask("mode marked");
    board.send(b"mode mar");
    board.close();
    board.open(115_200);
    assert_eq!(board.ask("?"), b"meterscope forwarder 1; line 9600 8N1; mode plain\n");
    // A cable that is pulled out is no goodbye.
    board.ask("mode marked");
    board.enumerate();
    board.open(115_200);
    assert_eq!(board.ask("?"), b"meterscope forwarder 1; line 9600 8N1; mode plain\n");
}

#[test]
fn a_host_that_sleeps_finds_what_came_meanwhile() {
    let mut board = board();
    board.ask("line 2400 8E1");
    board.suspend();
    assert_ne!(board.core().memory(USBCON) & FROZEN, 0, "the clock of USB is frozen");
    assert_eq!(board.core().memory(PLLCSR) & 0b10, 0, "the PLL is off");
    let (line, sent) = random_line(200, "2400 8E1");
    board.set_reading(false);
    board.play(&line);
    board.run_for_us(line.end_ns() / 1000 + 60_000);
    board.wake();
    assert_eq!(board.core().memory(USBCON) & FROZEN, 0);
    board.set_reading(true);
    board.run_for_us(20_000);
    assert_eq!(board.take_octets(), sent);
    assert_eq!(board.control_in(GET_CONFIGURATION), Ok(vec![1]));
    // And again, ended by a reset.
    board.suspend();
    board.enumerate();
    board.open(115_200);
    assert_eq!(board.ask("mode plain"), b"ok\n");
}

#[test]
fn a_reset_in_the_middle_of_anything_leaves_a_device_that_works() {
    // A control read of which one packet of two came, a write whose data never come, an address that nobody confirms.
    let begun =
        [CONFIGURATION, (0x21, 0x20, 0, 0, 7), (SET_ADDRESS.0, SET_ADDRESS.1, 0x11, 0, 0), GET_LINE_CODING];
    for request in begun {
        let mut board = board();
        board.control_begin(request);
        board.run_for_us(5000);
        // An address holds as soon as it is confirmed, and not before.
        assert_ne!(board.core().memory(UDADDR), 0x80 | 0x11);
        board.reset_bus();
        assert_eq!(board.control_in(GET_CONFIGURATION), Ok(vec![0]), "{request:02X?}");
        board.enumerate();
        board.open(115_200);
        assert_eq!(board.ask("mode plain"), b"ok\n", "{request:02X?}");
    }
    // Octets on their way.
    let mut board = board();
    board.ask("line 2400 8E1");
    let (line, _) = random_line(200, "2400 8E1");
    board.play(&line);
    board.run_for_us(300_000);
    board.enumerate();
    board.open(115_200);
    board.run_for_us(line.end_ns() / 1000);
    board.take_octets();
    let (line, sent) = random_line(40, "2400 8E1");
    assert_eq!(board.hear(&line), sent);
}

/// A new request ends the one before, wherever that was.
#[test]
fn a_host_that_changes_its_mind_is_understood() {
    let mut board = board();
    for request in [CONFIGURATION, PRODUCT, (0x21, 0x20, 0, 0, 7), (0x00, 9, 1, 0, 0)] {
        for wait_us in [0, 30, 100, 1000, 5000] {
            board.control_begin(request);
            board.run_for_us(wait_us);
            assert_eq!(board.control_in((0x80, 0, 0, 0, 2)), Ok(vec![0, 0]), "{request:02X?} {wait_us}");
        }
    }
}

/// Where the bootloaders of the Leonardo look for their key: the first ones and those behind them.
const KEY_PLACES: [usize; 2] = [0x0800, 0x0AFE];

fn keys(board: &mut Leonardo) -> [u16; 2] {
    KEY_PLACES.map(|place| u16::from_le_bytes([board.core().memory(place), board.core().memory(place + 1)]))
}

#[test]
fn a_touch_at_1200_baud_starts_the_bootloader() {
    let mut board = board();
    board.set_baud(1200);
    board.run_for_us(200_000);
    assert_eq!(board.ask("mode plain"), b"ok\n", "the speed alone is no touch");
    board.set_lines(0);
    assert!(board.is_reset_within_us(200_000));
    assert_eq!(keys(&mut board), [0x7777; 2]);
}

#[test]
fn a_port_that_is_opened_again_at_once_was_not_touched() {
    let mut board = board();
    board.set_baud(1200);
    board.set_lines(0);
    board.run_for_us(20_000);
    assert_eq!(keys(&mut board), [0x7777; 2]);
    board.set_lines(0b11);
    assert!(!board.is_reset_within_us(1_000_000));
    assert!(!keys(&mut board).contains(&0x7777));
    assert_eq!(board.ask("mode plain"), b"ok\n");
    // Closed at any other speed it is not touched either.
    board.set_baud(9600);
    board.set_lines(0);
    assert!(!board.is_reset_within_us(1_000_000));
}

#[test]
fn the_stack_has_a_quarter_of_the_ram() {
    let mut board = Leonardo::start(&image("forwarder_leonardo"), Shunt::D4);
    board.core().paint_stack();
    board.enumerate();
    board.open(115_200);
    board.ask("mode marked");
    let (line, _) = meter(MeterKind::Kamstrup, 3, &Sender::exact("2400 8N1"));
    board.hear(&line);
    for row in TABLE {
        board.ask(row.example);
    }
    board.set_reading(false);
    board.play(&line);
    board.run_for_us(line.end_ns() / 1000);
    board.suspend();
    board.wake();
    board.reset_bus();
    let (untouched, ram) = board.core().untouched_ram();
    println!("RAM: {untouched} of {ram} octets were never used");
    assert!(untouched * 4 >= ram, "{untouched} of {ram}");
}

#[test]
fn it_is_no_larger_than_it_may_be() {
    let Sizes { flash, variables } = Sizes::of(&image("forwarder_leonardo"));
    println!("forwarder_leonardo: {flash} octets of flash, {variables} of RAM");
    // What the bootloader leaves of 32 KB is 28 KB; the former of its places for the key lies behind the variables.
    assert!(flash <= 12 * 1024 && variables <= 0x0800 - 0x0100, "{flash} {variables}");
}
