// Reads from a serial port with as little of its own as can be: what is wrong here is wrong with the harness.

const counter = { port: null, count: 0, kept: [], keeps: true, errors: [], events: [], wrong: null, stopping: false };
const NUMBER_SIZE = 4;

navigator.serial?.addEventListener('connect', () => counter.events.push('connect'));
navigator.serial?.addEventListener('disconnect', () => counter.events.push('disconnect'));

document.querySelector('#ask').onclick = async () => {
    try {
        counter.port = await navigator.serial.requestPort({ filters: [{ usbVendorId: 0x2341 }] });
    } catch (error) {
        counter.errors.push(error.name);
    }
};

// Opens the port and reads until it is lost; a port that only reports an error is read on.
async function start(options) {
    counter.count = 0;
    counter.kept = [];
    try {
        await counter.port.open(options);
    } catch (error) {
        counter.errors.push(error.name);
        return;
    }
    counter.finished = readOn();
}

async function stop() {
    counter.stopping = true;
    await counter.reader.cancel();
    await counter.finished;
    await counter.port.close();
    counter.stopping = false;
}

async function readOn() {
    while (counter.port.readable && !counter.stopping) {
        const reader = counter.reader = counter.port.readable.getReader();
        try {
            for (;;) {
                const { value, done } = await reader.read();
                if (done) break;
                take(value);
            }
        } catch (error) {
            counter.errors.push(error.name);
        } finally {
            reader.releaseLock();
        }
    }
}

function take(octets) {
    if (counter.keeps) counter.kept.push(...octets);
    else for (let index = 0; index < octets.length; index++) check(counter.count + index, octets[index]);
    counter.count += octets.length;
}

// Every four octets are a number, the most significant octet first, one more than the four before.
function check(offset, octet) {
    const shift = 8 * (NUMBER_SIZE - 1 - offset % NUMBER_SIZE);
    const expected = Math.floor(offset / NUMBER_SIZE) >>> shift & 0xff;
    if (octet !== expected && counter.wrong === null) counter.wrong = offset;
}
