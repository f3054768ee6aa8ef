//! Wiring of the board: from the browser's port to the recording and the state, and from the buttons to the port.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::components::Store;
use crate::source::boards::Remembered;
use crate::source::wake_lock::{self, Screen};
use crate::source::web_serial::{self, Choice, News, Tuning, Wanted, WebSerial};
use crate::source::{Event, Signals, clock};
use crate::state::{Action, Board, BoardAction, State, TuningChoice};
use crate::{browser, recording};

/// How often a page that watches is told what time it is.
const TICK_MS: u32 = 1000;

type Dispatcher = UseReducerDispatcher<State>;

struct Wiring {
    serial: Option<Rc<WebSerial>>,
    screen: Rc<Screen>,
}

thread_local! {
    /// The page has one board at a time, as it has one window.
    static WIRING: RefCell<Option<Wiring>> = const { RefCell::new(None) };
}

/// Joins the ports of the browser to the state, once.
#[hook]
pub fn use_board(store: &Store) {
    let dispatcher = store.dispatcher();
    use_effect_with((), move |()| start(&dispatcher));
    let dispatcher = store.dispatcher();
    use_effect_with(store.board.is_active(), move |&active| {
        let interval =
            active.then(|| Interval::new(TICK_MS, move || dispatcher.dispatch(Action::Tick(clock::now()))));
        move || drop(interval)
    });
    // A capture that was opened takes the place of the live one.
    let is_shown = store.live.is_some() && store.replay.is_none();
    use_effect_with((store.board.is_active(), is_shown), |&(active, shown)| {
        if active && !shown {
            disconnect();
        }
    });
    // Buttons come and go with the connection, and the focus would go with them.
    use_effect_with(store.board.connection.clone(), |connection| {
        if connection.is_some() {
            browser::mend_focus("live-strip");
        }
    });
    use_effect_with(store.board.awake.unwrap_or_default() && store.board.is_active(), |&awake| {
        with(|wiring| wiring.screen.keep_awake(awake));
    });
    use_effect_with(store.board.remembered, |remembered| {
        if let Some(remembered) = remembered {
            browser::remember_port(&remembered.to_string());
        }
    });
}

/// Where every event of a source passes on its way to the recording and to the state.
fn hand_on(dispatcher: &Dispatcher, events: Vec<Event>) {
    recording::append(&events);
    dispatcher.dispatch(Action::Source(events.into()));
}

/// Connects as the dialog says.
pub fn connect(board: &Board) {
    let dialog = &board.dialog;
    let port = dialog.port.map_or(Choice::Ask { any: dialog.any }, Choice::Known);
    let tuning = match dialog.tuning {
        TuningChoice::Find => Tuning::Find(board.remembered.map(|remembered| remembered.settings)),
        TuningChoice::Preset(preset) => Tuning::Set(preset.settings()),
        TuningChoice::Custom => Tuning::Set(dialog.custom),
    };
    with_serial(|serial| serial.connect(Wanted { port, tuning }));
}

/// Connects what was connected before.
pub fn reconnect(Remembered { device, settings }: Remembered) {
    let wanted = Wanted { port: Choice::Like(device), tuning: Tuning::Set(settings) };
    with_serial(|serial| serial.connect(wanted));
}

/// Closes the port, and ends a search.
pub fn disconnect() {
    with_serial(|serial| serial.disconnect());
}

/// Asks for the device again that the browser does not offer any more.
pub fn allow_again() {
    with_serial(WebSerial::allow_again);
}

/// Looks up which ports the page may open.
pub fn list_ports() {
    with_serial(WebSerial::list_ports);
}

/// Sets the lines that the board can see.
pub fn set_signals(signals: Signals) {
    with_serial(|serial| serial.set_signals(signals));
}

fn start(dispatcher: &Dispatcher) {
    let remembered = browser::remembered_port().and_then(|text| text.parse().ok());
    dispatcher.dispatch(Action::Board(BoardAction::Prepared {
        supported: web_serial::is_supported(),
        can_wake: wake_lock::is_supported(),
        remembered,
    }));
    let on_events = {
        let dispatcher = dispatcher.clone();
        Box::new(move |events| hand_on(&dispatcher, events))
    };
    let on_news = {
        let dispatcher = dispatcher.clone();
        Box::new(move |news| dispatcher.dispatch(Action::Board(told(news))))
    };
    let serial = WebSerial::new(on_events, on_news);
    WIRING.set(Some(Wiring { serial, screen: Screen::new() }));
}

fn told(news: News) -> BoardAction {
    match news {
        News::Ports(ports) => BoardAction::Ports(ports.into()),
        News::NoPort(why) => BoardAction::NoPort(why),
        News::Chosen => BoardAction::Chosen,
        News::Marks(marks) => BoardAction::Marks(marks),
        News::Progress(percent) => BoardAction::Progress(percent),
        News::Fits(remembered) => BoardAction::Fits(remembered),
    }
}

fn with(act: impl FnOnce(&Wiring)) {
    WIRING.with_borrow(|wiring| {
        if let Some(wiring) = wiring {
            act(wiring);
        }
    });
}

fn with_serial(act: impl FnOnce(&Rc<WebSerial>)) {
    with(|wiring| {
        if let Some(serial) = &wiring.serial {
            act(serial);
        }
    });
}
