use super::*;
use crate::source::Failure;

const UNO: DeviceId = DeviceId { vendor: Some(0x2341), product: Some(0x0043) };
const FTDI: DeviceId = DeviceId { vendor: Some(0x0403), product: Some(0x6001) };

fn line() -> Line {
    Line { device: "Arduino Uno".into(), settings: LineSettings::MBUS }
}

fn heard(whats: impl IntoIterator<Item = What>) -> Board {
    let mut board = Board::default();
    let events: Vec<Event> = (0..).zip(whats).map(|(at, what)| Event { at, what }).collect();
    board.hear(&events);
    board
}

fn kinds(board: &Board) -> Vec<HappeningKind> {
    board.happenings.iter().map(|happening| happening.what.clone()).collect()
}

#[test]
fn what_happens_stands_between_the_octets() {
    let board = heard([
        What::Connection(Connection::Opening(line())),
        What::Connection(Connection::Open(line())),
        What::Octets([1, 2, 3].as_slice().into()),
        What::Line(LineEvent::Parity),
        What::Octets([4].as_slice().into()),
        What::Connection(Connection::Unplugged),
    ]);
    let places: Vec<_> = board.happenings.iter().map(|it| (it.at, it.octets)).collect();
    assert_eq!(places, [(Some(1), 0), (Some(3), 3), (Some(5), 4)]);
    assert_eq!(
        kinds(&board),
        [HappeningKind::Opened(line()), HappeningKind::Line(LineEvent::Parity), HappeningKind::Unplugged]
    );
    assert!(board.is_active());
}

#[test]
fn a_board_that_comes_back_goes_on() {
    let board = heard([
        What::Connection(Connection::Opening(line())),
        What::Connection(Connection::Open(line())),
        What::Octets([1].as_slice().into()),
        What::Connection(Connection::Unplugged),
        What::Connection(Connection::PermissionGone),
        What::Connection(Connection::Opening(line())),
        What::Connection(Connection::Open(line())),
        What::Octets([2].as_slice().into()),
    ]);
    assert_eq!(board.octets, 2);
    assert_eq!(
        kinds(&board)[1..],
        [
            HappeningKind::Unplugged,
            HappeningKind::PermissionGone,
            HappeningKind::Replugged,
            HappeningKind::Opened(line())
        ]
    );
}

#[test]
fn a_new_connection_begins_anew() {
    let board = heard([
        What::Connection(Connection::Opening(line())),
        What::Octets([1].as_slice().into()),
        What::Connection(Connection::Failed(Failure::PortInUse)),
        What::Connection(Connection::Opening(line())),
    ]);
    assert_eq!((board.octets, board.happenings.len()), (0, 0));
}

#[test]
fn a_search_ends_with_what_was_found() {
    let board = heard([
        What::Connection(Connection::Opening(line())),
        What::Connection(Connection::Searching(line())),
        What::Connection(Connection::Open(line())),
    ]);
    assert_eq!(kinds(&board), [HappeningKind::Opened(line()), HappeningKind::Found(line())]);
}

#[test]
fn a_flood_of_errors_stays_bounded() {
    let equal = heard((0..MOST_HAPPENINGS + 5).map(|_| What::Line(LineEvent::Break)));
    assert_eq!((equal.happenings.len(), equal.happenings[0].times as usize), (1, MOST_HAPPENINGS + 5));
    let kinds = [LineEvent::Break, LineEvent::Parity].into_iter().cycle();
    let board = heard(kinds.take(MOST_HAPPENINGS + 5).map(What::Line));
    assert_eq!(board.happenings.len(), MOST_HAPPENINGS);
    assert_eq!(board.happenings[0].at, Some(5));
}

#[test]
fn the_last_port_is_offered_first() {
    let mut board = Board::default();
    board.reduce(BoardAction::OpenDialog);
    assert_eq!(board.dialog.port, None);
    board.reduce(BoardAction::Ports([FTDI, UNO].into()));
    assert_eq!(board.dialog.port, Some(0));
    board.reduce(BoardAction::Fits(Remembered { device: UNO, settings: LineSettings::MBUS }));
    board.reduce(BoardAction::OpenDialog);
    assert_eq!(board.dialog.port, Some(1));
    board.reduce(BoardAction::ChoosePort(None));
    board.reduce(BoardAction::Ports([FTDI, UNO].into()));
    assert_eq!(board.dialog.port, None);
}

#[test]
fn a_message_is_dismissed_and_a_connection_is_not() {
    let mut board = heard([What::Connection(Connection::Open(line()))]);
    board.reduce(BoardAction::NoPort(NoPort::Cancelled));
    board.reduce(BoardAction::Dismiss);
    assert!(board.dialog.no_port.is_none() && board.connection.is_some());
    let mut board = heard([What::Connection(Connection::Closed)]);
    board.reduce(BoardAction::Dismiss);
    assert!(board.connection.is_none());
}

#[test]
fn what_is_no_speed_stays_in_the_field() {
    let mut board = Board::default();
    for (typed, baud) in [
        ("19200", 19_200),
        ("192x", 19_200),
        ("", 19_200),
        ("7", 19_200),
        ("1e4", 19_200),
        ("9600.0", 19_200),
        ("+9600", 19_200),
        (" 9600", 9600),
        ("300", 300),
    ] {
        board.reduce(BoardAction::TypeSpeed(typed.to_owned()));
        assert_eq!((board.dialog.speed.as_str(), board.dialog.custom.baud), (typed, baud));
    }
    board.reduce(BoardAction::TypeSpeed(String::new()));
    board.reduce(BoardAction::OpenDialog);
    assert_eq!(board.dialog.speed, "300");
}
