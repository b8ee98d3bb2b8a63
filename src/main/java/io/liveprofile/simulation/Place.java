package io.liveprofile.simulation;

/**
 * A city.
 *
 * @param latitude degrees north
 * @param longitude degrees east
 * @param clockHours local time minus UTC, winter time
 */
record Place(String name, double latitude, double longitude, int clockHours) {

    /** Where shoppers live. */
    static final Place[] HOMES = {
        new Place("Berlin", 52.52, 13.40, 1), new Place("Paris", 48.86, 2.35, 1),
        new Place("Madrid", 40.42, -3.70, 1), new Place("Rome", 41.90, 12.50, 1),
        new Place("Vienna", 48.21, 16.37, 1), new Place("Amsterdam", 52.37, 4.90, 1),
        new Place("Lisbon", 38.72, -9.14, 0), new Place("Dublin", 53.35, -6.26, 0),
        new Place("Helsinki", 60.17, 24.94, 2), new Place("Athens", 37.98, 23.73, 2),
        new Place("Hamburg", 53.55, 9.99, 1), new Place("Lyon", 45.76, 4.84, 1),
    };

    /** Far from every home: at least 4,000 km. */
    static final Place[] ABROAD = {
        new Place("Toronto", 43.65, -79.38, -5), new Place("Sydney", -33.87, 151.21, 10),
        new Place("Singapore", 1.35, 103.82, 8), new Place("Santiago", -33.45, -70.67, -4),
        new Place("Tokyo", 35.68, 139.69, 9), new Place("Cape Town", -33.92, 18.42, 2),
    };
}
