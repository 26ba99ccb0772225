"""The city behind the synthetic taxi trips: places, land, demand, speeds and tariffs. Numbers only.

Used by ``helpers.synthetic``. Everything here is general knowledge about New York in round figures:
where its neighborhoods lie, what people do there, how fast its traffic moves, what the taximeter
charged by law. A few of them (how fast trips thin out with distance, detours, the pace off the avenues) were
chosen so that the marginal distributions look like those of a small real sample; none was fitted row by row, so
models trained on the synthetic city can be judged on real rows.
"""

from __future__ import annotations

MANHATTAN, LONG_ISLAND, BRONX, JERSEY = range(4)  # zones; Brooklyn and Queens lie on Long Island

# name, longitude, latitude, radius (km; one standard deviation), and how much it draws people who work,
# live and go out there. Weights are relative; the unit is about one busy block of neighborhood.
PLACES = {
    MANHATTAN: [
        ("Financial District", -74.0095, 40.7070, 0.45, 14, 5, 3),
        ("Battery Park City", -74.0150, 40.7125, 0.35, 9, 5, 1),
        ("Tribeca", -74.0085, 40.7185, 0.40, 6, 6, 4),
        ("SoHo", -74.0010, 40.7235, 0.40, 7, 5, 6),
        ("Chinatown", -73.9955, 40.7160, 0.40, 2, 2, 2),
        ("Lower East Side", -73.9870, 40.7200, 0.45, 2, 6, 10),
        ("East Village", -73.9840, 40.7275, 0.45, 3, 9, 11),
        ("Greenwich Village", -73.9970, 40.7305, 0.40, 5, 7, 9),
        ("West Village", -74.0040, 40.7345, 0.40, 3, 7, 8),
        ("Meatpacking District", -74.0065, 40.7405, 0.30, 4, 3, 9),
        ("Union Square", -73.9905, 40.7360, 0.35, 8, 6, 8),
        ("Gramercy and Kips Bay", -73.9810, 40.7385, 0.50, 5, 10, 5),
        ("Flatiron", -73.9900, 40.7420, 0.35, 10, 4, 6),
        ("Chelsea", -73.9990, 40.7455, 0.50, 8, 9, 8),
        ("Penn Station", -73.9925, 40.7505, 0.35, 12, 3, 4),
        ("Herald Square", -73.9865, 40.7490, 0.35, 9, 4, 5),
        ("Murray Hill", -73.9775, 40.7470, 0.40, 8, 9, 6),
        ("Grand Central", -73.9770, 40.7530, 0.35, 14, 3, 4),
        ("Times Square", -73.9865, 40.7575, 0.40, 11, 5, 9),
        ("Hell's Kitchen", -73.9925, 40.7610, 0.45, 6, 8, 6),
        ("Rockefeller Center", -73.9785, 40.7600, 0.40, 14, 4, 6),
        ("Turtle Bay", -73.9690, 40.7535, 0.40, 8, 8, 4),
        ("Midtown East", -73.9710, 40.7590, 0.35, 12, 5, 5),
        ("Columbus Circle", -73.9835, 40.7660, 0.35, 9, 6, 5),
        ("Plaza", -73.9735, 40.7630, 0.30, 8, 3, 3),
        ("Sutton Place", -73.9640, 40.7605, 0.35, 5, 8, 3),
        ("Lenox Hill", -73.9630, 40.7680, 0.45, 9, 12, 4),
        ("Upper East Side", -73.9610, 40.7755, 0.45, 7, 13, 3),
        ("Yorkville", -73.9510, 40.7765, 0.50, 4, 15, 4),
        ("Carnegie Hill", -73.9545, 40.7840, 0.45, 4, 11, 2),
        ("Lincoln Square", -73.9835, 40.7745, 0.40, 6, 11, 4),
        ("Upper West Side", -73.9785, 40.7835, 0.50, 5, 15, 4),
        ("Upper West Side, north", -73.9710, 40.7940, 0.50, 3, 13, 3),
        ("Morningside Heights", -73.9620, 40.8075, 0.50, 3, 8, 2),
        ("East Harlem", -73.9410, 40.7950, 0.60, 3, 7, 2),
        ("Central Harlem", -73.9460, 40.8110, 0.80, 2, 9, 2),
        ("Washington Heights", -73.9400, 40.8380, 1.30, 2, 7, 1),
    ],
    LONG_ISLAND: [
        ("Williamsburg", -73.9570, 40.7150, 0.70, 1, 6, 6),
        ("Greenpoint", -73.9510, 40.7290, 0.60, 0.5, 3, 1),
        ("Brooklyn Heights", -73.9920, 40.6980, 0.45, 1, 4, 1),
        ("Downtown Brooklyn", -73.9850, 40.6910, 0.50, 3, 3, 1),
        ("Cobble Hill", -73.9950, 40.6830, 0.60, 1, 5, 2),
        ("Fort Greene", -73.9690, 40.6870, 0.70, 1, 6, 1),
        ("Park Slope", -73.9790, 40.6730, 0.80, 1, 8, 2),
        ("Bushwick and Bedford-Stuyvesant", -73.9350, 40.6930, 1.40, 1, 8, 1),
        ("Flatbush", -73.9570, 40.6500, 1.90, 1, 8, 0.5),
        ("South Brooklyn", -73.9950, 40.6250, 2.30, 1, 6, 0.5),
        ("Long Island City", -73.9430, 40.7480, 0.60, 1, 3, 0.5),
        ("Astoria", -73.9200, 40.7650, 0.90, 1, 7, 1),
        ("Sunnyside and Woodside", -73.9130, 40.7440, 1.00, 1, 5, 0.5),
        ("Jackson Heights", -73.8830, 40.7450, 1.10, 0.5, 6, 0.5),
        ("Forest Hills", -73.8520, 40.7230, 1.50, 0.5, 6, 0.5),
        ("Flushing", -73.8150, 40.7550, 2.00, 0.5, 5, 0.5),
        ("Jamaica", -73.8000, 40.7050, 2.50, 0.5, 5, 0.5),
    ],
    BRONX: [
        ("South Bronx", -73.9150, 40.8180, 1.20, 1, 5, 0.5),
        ("Fordham and Riverdale", -73.8900, 40.8600, 2.50, 0.5, 7, 0.5),
    ],
    JERSEY: [("Hoboken and Jersey City", -74.0450, 40.7350, 1.50, 0.5, 2, 0.5)],
}

# Zone, longitude, latitude, radius, and the shares of all trips that start and end there. Yellow cabs may
# bring people to Newark but may not wait there.
AIRPORTS = {
    "jfk": (LONG_ISLAND, -73.7835, 40.6450, 0.30, 0.015, 0.009),
    "lga": (LONG_ISLAND, -73.8690, 40.7720, 0.25, 0.021, 0.015),
    "ewr": (JERSEY, -74.1770, 40.6910, 0.40, 0.0, 0.002),
}

# Coastlines (longitude, latitude), coarse but good to a block or two around Manhattan. Trips start and end on land.
COASTS = {
    MANHATTAN: [
        *[(-74.0170, 40.7010), (-74.0182, 40.7060), (-74.0165, 40.7185), (-74.0115, 40.7290), (-74.0098, 40.7400)],
        *[(-74.0080, 40.7490), (-74.0015, 40.7620), (-73.9945, 40.7720), (-73.9865, 40.7815), (-73.9745, 40.7985)],
        *[(-73.9600, 40.8190), (-73.9535, 40.8300), (-73.9460, 40.8510), (-73.9300, 40.8700), (-73.9250, 40.8775)],
        *[(-73.9110, 40.8735), (-73.9140, 40.8640), (-73.9300, 40.8450), (-73.9345, 40.8330), (-73.9340, 40.8195)],
        *[(-73.9320, 40.8080), (-73.9290, 40.8010), (-73.9320, 40.7930), (-73.9385, 40.7830), (-73.9430, 40.7755)],
        *[(-73.9515, 40.7660), (-73.9590, 40.7585), (-73.9675, 40.7490), (-73.9720, 40.7430), (-73.9745, 40.7355)],
        *[(-73.9720, 40.7275), (-73.9750, 40.7185), (-73.9785, 40.7110), (-73.9905, 40.7095), (-74.0000, 40.7055)],
        (-74.0090, 40.7010),
    ],
    LONG_ISLAND: [
        *[(-73.9360, 40.7770), (-73.9440, 40.7680), (-73.9490, 40.7560), (-73.9590, 40.7450), (-73.9610, 40.7370)],
        *[(-73.9620, 40.7290), (-73.9650, 40.7210), (-73.9710, 40.7070), (-73.9800, 40.7050), (-73.9890, 40.7040)],
        *[(-73.9990, 40.6980), (-74.0160, 40.6800), (-74.0130, 40.6680), (-74.0240, 40.6560), (-74.0390, 40.6370)],
        *[(-74.0340, 40.6080), (-74.0020, 40.5850), (-74.0050, 40.5720), (-73.9300, 40.5760), (-73.8950, 40.5900)],
        *[(-73.8900, 40.6350), (-73.8400, 40.6480), (-73.8200, 40.6300), (-73.7700, 40.6200), (-73.7400, 40.6300)],
        *[(-73.6000, 40.6000), (-73.6000, 40.8600), (-73.7500, 40.7850), (-73.7900, 40.7950), (-73.8450, 40.7950)],
        *[(-73.8560, 40.7800), (-73.8500, 40.7630), (-73.8600, 40.7770), (-73.8850, 40.7790), (-73.9100, 40.7880)],
    ],
    BRONX: [
        *[(-73.9290, 40.8120), (-73.9240, 40.8030), (-73.8850, 40.8080), (-73.8500, 40.8150), (-73.8000, 40.8150)],
        *[(-73.8000, 40.9000), (-73.9100, 40.9150), (-73.9190, 40.8830), (-73.9070, 40.8740), (-73.9070, 40.8620)],
        *[(-73.9250, 40.8460), (-73.9300, 40.8350), (-73.9300, 40.8200)],
    ],
    JERSEY: [
        *[(-73.9800, 40.8200), (-74.0130, 40.7750), (-74.0240, 40.7600), (-74.0250, 40.7400), (-74.0330, 40.7250)],
        *[(-74.0340, 40.7150), (-74.0600, 40.6900), (-74.1100, 40.6500), (-74.2900, 40.6400), (-74.2900, 40.8200)],
    ],
}
CENTRAL_PARK = [(-73.9819, 40.7681), (-73.9730, 40.7644), (-73.9493, 40.7969), (-73.9582, 40.8005)]
AVENUE, STREET = 0.25, 0.08  # km between Manhattan's avenues and between its streets

# How much of the demand for cabs the yellow ones serve: they cruise Manhattan, hardly the rest (by zone).
CRUISING = [1.0, 0.30, 0.05, 0.03]
GRAVITY = 2.0  # km: far beyond this, trips between places equally attractive thin out with the distance squared...
WALK = 0.5  # km: ...and below this people rather walk

# Dawn, morning, day, evening, night: what draws people there (work, home, going out), at the origin and the
# destination, and how many more or fewer trips than usual go by the airports: first flights, none at night.
DAWN, MORNING, DAY, EVENING, NIGHT = range(5)
ORIGINS = [(0.10, 0.60, 0.30), (0.15, 0.75, 0.10), (0.50, 0.35, 0.15), (0.50, 0.20, 0.30), (0.15, 0.15, 0.70)]
DESTINATIONS = [(0.60, 0.35, 0.05), (0.80, 0.15, 0.05), (0.50, 0.35, 0.15), (0.15, 0.50, 0.35), (0.05, 0.75, 0.20)]
AIRPORT_TRIPS = [2.0, 0.9, 1.4, 0.8, 0.5]

# Trips by hour of the day, relative, and how fast streets move (mph: 9 to 10 in the business day, close to 20 before
# dawn).
WEEKDAY_TRIPS = [20, 12, 8, 6, 6, 9, 24, 42, 54, 52, 48, 48, 50, 50, 52, 49, 42, 52, 65, 67, 62, 60, 55, 40]
SATURDAY_TRIPS = [56, 50, 41, 30, 19, 9, 10, 16, 26, 37, 45, 50, 53, 53, 53, 54, 50, 56, 66, 66, 58, 56, 60, 62]
SUNDAY_TRIPS = [60, 55, 47, 35, 22, 10, 9, 13, 21, 32, 42, 47, 51, 51, 51, 49, 46, 48, 48, 44, 40, 36, 31, 24]
WEEKDAY_MPH = [15, 16, 17, 18, 19, 18, 15, 12, 10, 9.5, 9.5, 9.3, 9.2, 9.3, 9.2, 9.3, 9.6, 9.5, 9.7, 10.7]
WEEKDAY_MPH += [11.7, 12.2, 12.7, 13.7]
WEEKEND_MPH = [12.5, 12.7, 13, 14, 16, 18, 18, 17, 15.5, 13.5, 12, 11, 10.6, 10.4, 10.4, 10.4, 10.6, 10.6, 10.6, 11]
WEEKEND_MPH += [11.6, 11.9, 11.9, 12.3]
SLOWER_PER_YEAR = 0.015  # streets lost about 9 % of their speed between 2009 and 2015
ROLLING_MPH = 25  # between two red lights
CORE_LATITUDE = 40.7644  # 59th Street: the business district lies south of it
CORE_PACE, UPTOWN_PACE, OUTER_PACE = 1.0, 1.15, 1.20  # street speed against the city's mean

# Driven km per straight km where a trip does not stay in Manhattan (whose grid is computed), by zones of both ends:
# bridges, tunnels and expressways lie off the direct line.
DETOUR = [[1.0, 1.40, 1.25, 1.50], [1.40, 1.25, 1.40, 1.50], [1.25, 1.40, 1.25, 1.40], [1.50, 1.50, 1.40, 1.25]]
STREET_KM = 3.0  # of a longer trip, the rest runs in part on expressways: by zones alike and unlike
HIGHWAY_SHARE_MANHATTAN, HIGHWAY_SHARE_OUTSIDE = 0.5, 0.65
JAM_MINUTES_PER_MILE = 0.8  # below 12 mph on expressways by day

# The taximeter (TLC rules; 2004 fares, raised on 2012-09-04): US$ for the flag drop with the first unit, per further
# unit (a fifth of a mile, or a minute below 12 mph), JFK to or from Manhattan, and on top for Newark.
FLAG = 2.50
RAISE_DATE = "2012-09-04"
UNIT, JFK_FLAT, NEWARK_EXTRA = (0.40, 0.50), (45.00, 52.00), (15.00, 17.50)  # before and after
METERS_CHANGED_DAYS = 30  # cabs got the new rates at their next inspection
FLAT_SHARE = 0.95  # of the trips between JFK and Manhattan; the other drivers let the meter run

# E-ZPass toll of the tunnels and the Triborough Bridge (MTA), which Kaggle's fares include. Shares of trips that
# take the tolled way instead of a free bridge; a trip to Newark pays the Port Authority and the Turnpike too.
TOLLS = [("2009-01-01", 4.15), ("2009-07-12", 4.57), ("2010-12-30", 4.80), ("2013-03-03", 5.33), ("2015-03-22", 5.54)]
TOLL_SHARE_AIRPORT, TOLL_SHARE_OTHER = 0.65, 0.05
NEWARK_TOLLS = 2.0  # times the tunnel toll

PASSENGERS = {1: 0.695, 2: 0.150, 3: 0.044, 4: 0.021, 5: 0.068, 6: 0.022}

# Rows that real files hold and no model can use: shares of all rows.
DIRT = {
    "zero_both": 0.0180,  # no GPS fix: the classic of the real files
    "zero_one": 0.0010,
    "missing": 0.0010,  # no drop-off
    "swapped": 0.0010,  # latitude and longitude exchanged
    "far_away": 0.0015,
    "negative_fare": 0.0004,  # refunds
    "zero_fare": 0.0004,
    "absurd_fare": 0.0003,
    "no_passengers": 0.0040,
    "many_passengers": 0.0002,
}
GPS_METERS = 12  # usual error, one standard deviation, each axis
STUCK_SHARE = 0.008  # the receiver repeats the pick-up as the drop-off; such rows survive cleaning
ABORTED_SHARE = 0.003  # the trip ends where it began, after a few minutes on the meter
ERRAND_SHARE = 0.02  # with a stop, a wait or a round trip: up to three times the usual meter
NEGOTIATED_SHARE = 0.002  # a fare by agreement, in whole dollars
