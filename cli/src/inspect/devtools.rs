//! A client of the Chrome DevTools Protocol: commands out, answers and events in, one JSON object a message.
//!
//! The whole protocol as a crate would take minutes to build; these few functions are all that is needed of it.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Error, Message, WebSocket};

/// Commands that wait for no page are answered within milliseconds, unless the machine is busy.
const ANSWER: Duration = Duration::from_secs(30);

/// A connection to a browser.
pub struct DevTools {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    /// What arrived while an answer was waited for.
    waiting: VecDeque<Value>,
}

impl DevTools {
    /// Connects to the address that the browser has printed.
    ///
    /// # Errors
    ///
    /// When nothing answers there.
    pub fn connect(address: &str) -> Result<DevTools, String> {
        let lost = |error: &dyn std::fmt::Display| format!("no connection to the browser: {error}");
        let host = address.strip_prefix("ws://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let stream = TcpStream::connect(host).map_err(|error| lost(&error))?;
        // Each message is small, and waits for an answer.
        stream.set_nodelay(true).map_err(|error| lost(&error))?;
        let (socket, _) = tungstenite::client(address, stream).map_err(|error| lost(&error))?;
        Ok(DevTools { socket, last_id: 0, waiting: VecDeque::new() })
    }

    /// Sends a command to the browser, or to a page by its session. The answer comes as a message with this id.
    ///
    /// # Errors
    ///
    /// When the connection is lost.
    pub fn send(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<u64, String> {
        self.last_id += 1;
        let mut command = json!({"id": self.last_id, "method": method, "params": params});
        if let (Some(session), Some(command)) = (session, command.as_object_mut()) {
            command.insert("sessionId".to_owned(), json!(session));
        }
        self.socket.send(Message::text(command.to_string())).map_err(|error| lost(&error))?;
        Ok(self.last_id)
    }

    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    ///
    /// When the browser refuses it, does not answer, or is gone.
    pub fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<Value, String> {
        let id = self.send(session, method, params)?;
        let deadline = Instant::now() + ANSWER;
        let mut others = VecDeque::new();
        let answer = loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            match self.read(rest)? {
                Some(message) if message.get("id").and_then(Value::as_u64) == Some(id) => break message,
                Some(message) => others.push_back(message),
                None if rest.is_zero() => return Err(format!("the browser does not answer {method}")),
                None => {}
            }
        };
        self.waiting.append(&mut others);
        match answer.get("error") {
            Some(error) => Err(format!("the browser refuses {method}: {error}")),
            None => Ok(answer.get("result").cloned().unwrap_or_default()),
        }
    }

    /// The next answer or event; `None` if there is none within this time.
    ///
    /// # Errors
    ///
    /// When the connection is lost.
    pub fn receive(&mut self, within: Duration) -> Result<Option<Value>, String> {
        match self.waiting.pop_front() {
            Some(message) => Ok(Some(message)),
            None => self.read(within),
        }
    }

    fn read(&mut self, within: Duration) -> Result<Option<Value>, String> {
        // Zero would mean to wait forever.
        let within = within.max(Duration::from_millis(1));
        self.socket.get_ref().set_read_timeout(Some(within)).map_err(|error| lost(&Error::Io(error)))?;
        match self.socket.read() {
            Ok(Message::Text(text)) => Ok(serde_json::from_str(&text).ok()),
            Ok(_) => Ok(None),
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(None),
            Err(error) => Err(lost(&error)),
        }
    }
}

fn lost(error: &Error) -> String {
    format!("the connection to the browser is lost: {error}")
}
